// Downloads that go elsewhere than to a file, or only in part, and what they share.
#include "support.hpp"

#include <cstddef>
#include <cstring>
#include <sstream>

namespace test {
namespace {

oss::download_options in_parts(const oss::presigned_url& url)
{
  auto options = options_for(url);
  options.part_size = 131072;
  options.connections = 3;
  return options;
}

void test_memory(const oss::presigned_url& url, const std::string& expected)
{
  check_case("memory");
  auto options = in_parts(url);
  options.memory_limit = expected.size();
  auto file = oss::download(options);
  CHECK(file && file->content() == expected);
  if (file) {
    CHECK_NUMBER(file->bytes(), expected.size());
    CHECK(file->content_as<std::string>() == expected);
    const auto bytes = file->content_as<std::vector<std::byte>>();
    CHECK(bytes.size() == expected.size() &&
          std::memcmp(bytes.data(), expected.data(), expected.size()) == 0);
    // The bytes move along.
    const std::string_view before = file->content();
    const oss::downloaded moved = *std::move(file);
    CHECK(moved.content().data() == before.data());
  }
  options.memory_limit = expected.size() - 1;
  check_failed(oss::download(options), OSS_E_TOO_LARGE);
}

void test_write(const oss::presigned_url& url, const std::string& expected)
{
  check_case("write");
  std::string got;
  auto options = in_parts(url);
  options.write = [&got](std::string_view bytes) {
    got += bytes;
    return true;
  };
  auto file = oss::download(options);
  CHECK(got == expected);
  CHECK(file && file->verified() == OSS_VERIFIED_CRC64 && file->content().empty());
  CHECK(file && file->content_as<std::string>().empty());

  int calls = 0;
  options.write = [&calls](std::string_view) {
    calls++;
    return false;
  };
  check_failed(oss::download(options), OSS_E_CALLBACK);
  CHECK_NUMBER(calls, 1);
}

/// Takes so many bytes and no more.
class full_buffer : public std::streambuf {
 public:
  explicit full_buffer(std::streamsize room) : room_(room) {}

 protected:
  std::streamsize xsputn(const char*, std::streamsize count) override
  {
    const std::streamsize taken = count < room_ ? count : room_;
    room_ -= taken;
    return taken;
  }

 private:
  std::streamsize room_;
};

void test_stream(const oss::presigned_url& url, const std::string& expected)
{
  check_case("stream");
  auto options = in_parts(url);
  std::ostringstream got;
  options.write = oss::write_to(got);
  CHECK(oss::download(options).has_value());
  CHECK(got.str() == expected);

  check_case("stream that fails");
  full_buffer buffer(100000);
  std::ostream full(&buffer);
  options.write = oss::write_to(full);
  check_failed(oss::download(options), OSS_E_CALLBACK);
  CHECK(full.bad());
}

void test_range_and_expectations(const oss::presigned_url& url, const std::string& expected)
{
  check_case("range");
  const std::string part = expected.substr(1000, 5000);
  auto options = in_parts(url);
  options.memory_limit = expected.size();
  options.range_offset = 1000;
  options.range_length = part.size();
  options.expected_size = part.size();
  options.expected_crc64 = crc64_of(part);
  const auto file = oss::download(options);
  CHECK(file && file->content() == part && file->verified() == OSS_VERIFIED_LENGTH);
  CHECK(file && file->object_size() == expected.size());
  *options.expected_crc64 ^= 1;
  check_failed(oss::download(options), OSS_E_CHECKSUM);
  options.expected_crc64.reset();
  *options.expected_size += 1;
  check_failed(oss::download(options), OSS_E_CHECKSUM);
  options.expected_size.reset();
  options.expected_sha256.emplace();
  check_failed(oss::download(options), OSS_E_CHECKSUM);
  options.expected_sha256.reset();
  options.expected_md5.emplace();
  check_failed(oss::download(options), OSS_E_CHECKSUM);
  options.expected_md5.reset();
  CHECK(oss::download(options).has_value());
  options.max_bytes = part.size() - 1;
  check_failed(oss::download(options), OSS_E_TOO_LARGE);
  options.max_bytes = 0;
  options.range_offset = expected.size();
  check_failed(oss::download(options), OSS_E_RANGE);
}

void test_client(const oss::presigned_url& url, const std::string& expected)
{
  check_case("client");
  oss::client first;
  const oss::client client = std::move(first);
  auto options = in_parts(url);
  options.client = &client;
  options.memory_limit = expected.size();
  for (int i = 0; i < 3; i++) {
    const auto file = oss::download(options);
    CHECK(file && file->content() == expected);
  }
  options.proxy = "http://127.0.0.1:1";
  const auto both = oss::download(options);
  check_failed(both, OSS_E_INVALID_ARGUMENT);
  CHECK_STARTS(both ? "" : both.error().message.c_str(), "proxy: ");

  check_case("client with wrong options");
  const oss::client wrong({nullptr, nullptr, "no proxy at all"});
  options.proxy = nullptr;
  options.client = &wrong;
  const auto refused = oss::download(options);
  check_failed(refused, OSS_E_INVALID_ARGUMENT);
  CHECK_STARTS(refused ? "" : refused.error().message.c_str(), "proxy: ");

  check_case("client that was moved from");
  const std::string nul("a\0b", 3);
  oss::client unsayable({nul, nullptr, nullptr});
  const oss::client taken = std::move(unsayable);
  // NOLINTNEXTLINE(bugprone-use-after-move)
  for (const oss::client* gone : {&first, &unsayable}) {
    options.client = gone;
    const auto file = oss::download(options);
    CHECK(!file);
    if (!file)
      check_invalid(file.error(), "client: was moved from");
  }
  options.client = &taken;
  const auto file = oss::download(options);
  CHECK(!file);
  if (!file)
    check_invalid(file.error(), "connect_to: has a NUL byte");
}

// A URL that was signed long ago is expired before a byte is sent.
void test_refresh(const oss::presigned_url& url, const std::string& expected)
{
  check_case("refresh");
  auto old = presign_options(object);
  old.signing_time = oss::sys_seconds(std::chrono::seconds(1700000000));
  auto options = in_parts(presign(old));
  options.memory_limit = expected.size();
  int calls = 0;
  options.refresh = [&]() -> std::optional<oss::link> {
    calls++;
    return oss::link{url.url(), url.headers()};
  };
  const auto file = oss::download(options);
  CHECK(file && file->content() == expected && file->refreshes() == 1);
  CHECK_NUMBER(calls, 1);
  options.refresh = []() { return std::nullopt; };
  check_failed(oss::download(options), OSS_E_URL_EXPIRED);
  options.refresh = nullptr;
  check_failed(oss::download(options), OSS_E_URL_EXPIRED);

  // Links of no use: the old URL serves to its end, and then they are the reason.
  auto ending = presign_options(object);
  ending.expires_in = std::chrono::seconds(100);
  const std::string nul("a\0b", 3);
  for (const oss::link& link : {oss::link{"\xff\xfe", {}}, oss::link{nul, {}}, oss::link{}}) {
    for (const bool is_over : {false, true}) {
      // It lives for some seconds more: each download has its own.
      const auto now = std::chrono::system_clock::now();
      ending.signing_time =
          std::chrono::floor<std::chrono::seconds>(now) - std::chrono::seconds(92);
      const auto signed_url = presign(is_over ? old : ending);
      auto tried = in_parts(signed_url);
      tried.memory_limit = expected.size();
      tried.refresh = [&link]() { return link; };
      const auto made = oss::download(tried);
      CHECK(made.has_value() != is_over);
      if (!made)
        CHECK_STARTS(made.error().message.c_str(), "url: ");
    }
  }
}

void test_redirect(const std::string& expected)
{
  check_case("redirect");
  auto options = options_for("moved.bin");
  options.memory_limit = expected.size();
  check_failed(oss::download(options), OSS_E_SERVER);
  options.follow_redirects = true;
  const auto file = oss::download(options);
  CHECK(file && file->content() == expected);
}

}  // namespace

void test_targets()
{
  const auto url = presign(presign_options(object));
  const std::string expected = read_file(env("OSS_TEST_OBJECT"));
  test_memory(url, expected);
  test_write(url, expected);
  test_stream(url, expected);
  test_range_and_expectations(url, expected);
  test_client(url, expected);
  test_refresh(url, expected);
  test_redirect(expected);
  check_case(nullptr);
}

}  // namespace test
