#include "support.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace test {

// clang-format off
#define TEXT(field) {#field, &oss::presign_options::field}
// clang-format on
const text_field presign_texts[18] = {
    TEXT(region),
    TEXT(bucket),
    TEXT(key),
    TEXT(endpoint),
    TEXT(access_key_id),
    TEXT(access_key_secret),
    TEXT(security_token),
    TEXT(version_id),
    TEXT(process),
    TEXT(response_cache_control),
    TEXT(response_content_disposition),
    TEXT(response_content_encoding),
    TEXT(response_content_language),
    TEXT(response_content_type),
    TEXT(response_expires),
    TEXT(range_behavior),
    TEXT(request_payer),
    TEXT(cloud_box_id),
};
#undef TEXT

void check_same(std::string_view actual, std::string_view expected, const char* what,
                const char* file, int line)
{
  if (actual == expected)
    check_that(true, what, file, line);
  else
    check_text(std::string(actual).c_str(), std::string(expected).c_str(), what, file, line);
}

std::string env(const char* name)
{
  const char* value = std::getenv(name);
  if (value == nullptr) {
    std::fprintf(stderr, "%s is not set: run this by with_emulator.py\n", name);
    std::exit(EXIT_FAILURE);
  }
  return value;
}

fs::path in_folder(std::string_view name)
{
  return fs::path(env("OSS_TEST_FOLDER")) / name;
}

std::string read_file(const fs::path& path)
{
  std::ifstream file(path, std::ios::binary);
  CHECK(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, std::string_view content)
{
  std::ofstream file(path, std::ios::binary);
  file << content << std::flush;
  CHECK(file.good());
}

void check_no_part_files()
{
  for (const auto& entry : fs::directory_iterator(env("OSS_TEST_FOLDER")))
    CHECK(entry.path().filename().string().find(".part") == std::string::npos);
}

std::uint64_t crc64_of(std::string_view bytes)
{
  std::uint64_t crc = UINT64_MAX;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xC96C5795D7870F42u : 0);
  }
  return ~crc;
}

oss::presign_options presign_options(std::string_view key)
{
  oss::presign_options options;
  options.region = "cn-hangzhou";
  options.bucket = env("OSS_TEST_BUCKET");
  options.key = key;
  options.endpoint = env("OSS_TEST_ENDPOINT");
  options.addressing = OSS_ADDRESSING_PATH;
  options.access_key_id = env("OSS_ACCESS_KEY_ID");
  options.access_key_secret = env("OSS_ACCESS_KEY_SECRET");
  return options;
}

oss::presigned_url presign(const oss::presign_options& options)
{
  auto url = oss::presign_get(options);
  if (!url) {
    std::fprintf(stderr, "cannot presign: %s\n", url.error().message.c_str());
    std::exit(EXIT_FAILURE);
  }
  return *std::move(url);
}

oss::download_options options_for(const oss::presigned_url& url)
{
  oss::download_options options;
  options.url = url.url();
  options.headers = url.headers();
  return options;
}

oss::download_options options_for(std::string_view key)
{
  return options_for(presign(presign_options(key)));
}

void check_invalid(const oss::error& error, const std::string& message)
{
  CHECK_TEXT(oss_code_name(error.code), "OSS_E_INVALID_ARGUMENT");
  CHECK_SAME(error.message, message);
  const auto refused = oss::presign_get({"cn-hangzhou", "B", "key", {}, "id", "secret"});
  CHECK(!refused);
  if (refused)
    return;
  const oss::error& c = refused.error();
  CHECK(error.code == c.code && error.phase == c.phase && error.retryable == c.retryable);
  CHECK(error.http_status == c.http_status && error.os_error == c.os_error);
  CHECK(error.server_code == c.server_code && error.server_message == c.server_message);
  CHECK(error.request_id == c.request_id && error.host_id == c.host_id && error.ec == c.ec);
}

void check_downloaded(const oss::result<oss::downloaded>& file, const fs::path& path,
                      const fs::path& expected_path)
{
  CHECK_SAME(file ? "" : file.error().message, "");
  if (!file)
    return;
  const std::string expected = read_file(expected_path);
  CHECK(!expected.empty());
  CHECK_NUMBER(file->bytes(), expected.size());
  CHECK_NUMBER(file->crc64(), crc64_of(expected));
  CHECK_NUMBER(file->verified(), OSS_VERIFIED_CRC64);
  CHECK(!file->etag().empty() && file->etag().front() == '"');
  CHECK(!file->request_id().empty());
  CHECK_NUMBER(file->http_status() / 100, 2);
  CHECK(read_file(path) == expected);
}

void check_failed(const oss::result<oss::downloaded>& file, oss_code code)
{
  CHECK(!file);
  if (file)
    return;
  const oss::error& error = file.error();
  CHECK_TEXT(oss_code_name(error.code), oss_code_name(code));
  CHECK(!error.message.empty());
  CHECK(error.phase != OSS_PHASE_DONE);
  for (const std::string* text : {&error.message, &error.server_code, &error.server_message,
                                  &error.request_id, &error.host_id, &error.ec}) {
    CHECK(text->find(env("OSS_ACCESS_KEY_SECRET")) == std::string::npos);
    CHECK(text->find("x-oss-") == std::string::npos);
  }
}

oss::error fail_over_old(oss::download_options options, oss_code code)
{
  options.path = in_folder("old-target");
  write_file(options.path, "old content");
  auto file = oss::download(options);
  CHECK_SAME(read_file(options.path), "old content");
  check_no_part_files();
  check_failed(file, code);
  return file ? oss::error() : std::move(file).error();
}

}  // namespace test
