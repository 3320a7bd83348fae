/// @file
/// Reading URLs: what one is, when it expires, what it demands, what is wrong with it.
#ifndef OSS_PRESIGN_URL_HPP
#define OSS_PRESIGN_URL_HPP

#include <oss_presign/text.hpp>

namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// Something wrong with a URL.
struct problem {
  /// One of OSS_PROBLEM_*; new ones may appear.
  oss_problem kind = OSS_PROBLEM_NONE;
  /// Whether the service will refuse the URL for it; else it is a warning.
  bool is_error = false;
  /// A sentence or two for a person who wants to fix it. No text of the URL is in it.
  std::string message = {};
};

/// What a URL says of itself. Its texts live as long as it does. Movable; any thread may read it.
class inspection {
 public:
  /// For this library: takes over what an operation gave.
  explicit inspection(detail::result_handle handle) noexcept : handle_(std::move(handle)) {}

  /// How the URL is signed; new ones may appear.
  oss_url_style style() const noexcept { return oss_result_url_style(get()); }
  /// When it was signed; nothing when it does not say.
  std::optional<sys_seconds> signed_at() const noexcept
  {
    return instant(oss_result_signed_at(get()));
  }
  /// When it expires; nothing when it does not say.
  std::optional<sys_seconds> expires_at() const noexcept
  {
    return instant(oss_result_expires_at(get()));
  }
  /// The headers it demands by name, in lower case; more may have been signed, which OSS URLs do not
  /// tell.
  std::vector<std::string> header_names() const
  {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < oss_result_header_count(get()); i++)
      out.emplace_back(oss_result_header_name(get(), i));
    return out;
  }
  /// The version of the object that is asked for; empty when there is none.
  std::string_view version_id() const noexcept { return oss_result_version_id(get()); }
  /// The URL without its secrets, for logs.
  std::string_view redacted_url() const noexcept { return oss_result_redacted_url(get()); }

  /// TLS is used.
  bool https() const noexcept { return has(OSS_URL_HTTPS); }
  /// The object may be fetched in parts.
  bool may_split() const noexcept { return has(OSS_URL_MAY_SPLIT); }
  /// Range is signed; exactly the signed range can be asked for.
  bool signs_range() const noexcept { return has(OSS_URL_SIGNS_RANGE); }
  /// If-Match is signed; exactly the signed value can be sent.
  bool signs_if_match() const noexcept { return has(OSS_URL_SIGNS_IF_MATCH); }
  /// Host is signed by name; at another host name the URL fails.
  bool signs_host() const noexcept { return has(OSS_URL_SIGNS_HOST); }
  /// The object is processed on its way (x-oss-process).
  bool processes() const noexcept { return has(OSS_URL_PROCESSES); }

  /// What is wrong with it; causes come before what they cause. None does not mean that it works:
  /// only the service knows the secret.
  std::vector<problem> problems() const
  {
    std::vector<problem> out(oss_result_problem_count(get()));
    for (std::size_t i = 0; i < out.size(); i++) {
      out[i].kind = oss_result_problem(get(), i);
      out[i].is_error = oss_result_problem_is_error(get(), i);
      out[i].message = oss_result_problem_message(get(), i);
    }
    return out;
  }

  /// The C result, for the functions of oss_presign.h.
  const oss_result* get() const noexcept { return handle_.get(); }

 private:
  bool has(std::uint32_t flag) const noexcept { return (oss_result_url_flags(get()) & flag) != 0; }

  static std::optional<sys_seconds> instant(std::int64_t seconds) noexcept
  {
    if (seconds == 0)
      return std::nullopt;
    return sys_seconds(std::chrono::seconds(seconds));
  }

  detail::result_handle handle_;
};

/// Reads a URL that anybody may have made, presigned or not, as it is at an instant (zero: the system
/// clock's time). One that is doubtful, expired or not signed at all is no failure, but has problems.
/// Fails with OSS_E_INVALID_ARGUMENT, OSS_E_NULL_ARGUMENT or OSS_E_INVALID_UTF8 where the URL could
/// not be sent as it is. No network, no file. Any thread.
inline result<inspection> url_inspect(const text& url, sys_seconds now = {})
{
  detail::input in;
  const char* out = in.text("url", url);
  if (in.refused())
    return *in.refused();
  return detail::take<inspection>(oss_url_inspect(out, now.time_since_epoch().count()));
}

}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
