/// @file
/// Presign Alibaba Cloud OSS (V4) GetObject URLs, download by them, and read them, in
/// C++17.
///
///     auto url = oss::presign_get({"cn-hangzhou", "examplebucket", "dir/object.txt"});
///     if (!url) return report(url.error().message);
///
///     oss::download_options options;
///     options.url = url->url();
///     options.headers = url->headers();
///     options.path = "object.txt";
///     auto file = oss::download(options);
///     if (!file) return report(file.error().message);
///
/// In C++20: oss::download({.url = url->url(), .headers = url->headers(), .path = "object.txt"}).
///
/// Headers only, over the C library, whose rules hold: oss_presign.h has them. Names, numbers and
/// defaults are C's; codes and other enumerators are used as they are (OSS_E_NOT_FOUND).
///
/// - Options are plain values that own their text. Zero and empty mean the default.
/// - Results own what they give. Errors are values; with exceptions, value() throws oss::exception.
/// - Everything but value() and what allocates works without exceptions; nothing needs RTTI.
/// - Functions may be called from any thread. Objects may be read by several threads at once.
#ifndef OSS_PRESIGN_OSS_PRESIGN_HPP
#define OSS_PRESIGN_OSS_PRESIGN_HPP

#include <oss_presign/client.hpp>
#include <oss_presign/download.hpp>
#include <oss_presign/presign.hpp>
#include <oss_presign/result.hpp>
#include <oss_presign/text.hpp>
#include <oss_presign/url.hpp>

#endif
