// What the wrapper makes of its options: each field of C's has a value that no other has. The linker
// puts the functions here in the place of the library's.
#include "support.hpp"

#include <cstring>

namespace {

oss_download_options seen;
oss_client_options seen_client;

}  // namespace

extern "C" {

oss_result* __real_oss_download(const oss_download_options* options);
oss_client* __real_oss_client_new(const oss_client_options* options);

oss_result* __wrap_oss_download(const oss_download_options* options)
{
  seen = *options;
  CHECK_TEXT(seen.url, "url");
  CHECK_TEXT(seen.path, "path");
  CHECK_NUMBER(seen.headers_len, 1);
  CHECK_TEXT(seen.headers[0].name, "name");
  CHECK_TEXT(seen.headers[0].value, "value");
  CHECK_TEXT(seen.connect_to, "connect_to");
  CHECK_TEXT(seen.ca_file, "ca_file");
  CHECK_TEXT(seen.proxy, "proxy");
  CHECK_NUMBER(*seen.expected_size, 5);
  CHECK_NUMBER(*seen.expected_crc64, 6);
  CHECK_NUMBER(seen.expected_sha256[31], 7);
  CHECK_NUMBER(seen.expected_md5[15], 8);
  return __real_oss_download(options);
}

oss_client* __wrap_oss_client_new(const oss_client_options* options)
{
  seen_client = *options;
  CHECK_TEXT(options->connect_to, "connect_to");
  CHECK_TEXT(options->ca_file, "ca_file");
  CHECK_TEXT(options->proxy, "proxy");
  return __real_oss_client_new(options);
}

}  // extern "C"

static void test_download()
{
  using std::chrono::milliseconds;
  oss::download_options options;
  options.url = "url";
  options.headers = {{"name", "value"}};
  options.path = "path";
  options.write = [](std::string_view) { return false; };
  options.memory_limit = 1;
  options.progress = [](const oss::progress&) { return false; };
  options.refresh = []() { return std::nullopt; };
  options.cancel.emplace();
  options.connect_to = "connect_to";
  options.ca_file = "ca_file";
  options.proxy = "proxy";
  options.range_offset = 3;
  options.range_length = 4;
  options.expected_size = 5;
  options.expected_crc64 = 6;
  options.expected_sha256.emplace()[31] = 7;
  options.expected_md5.emplace()[15] = 8;
  options.max_bytes = 9;
  options.rate_limit = 10;
  options.part_size = 11;
  options.connections = 12;
  options.retries = 13;
  options.retry_budget = milliseconds(14);
  options.connect_timeout = milliseconds(15);
  options.idle_timeout = milliseconds(16);
  options.total_timeout = milliseconds(17);
  options.progress_interval = milliseconds(18);
  CHECK(!oss::download(options));
  CHECK_NUMBER(seen.struct_size, sizeof seen);
  CHECK(seen.write != nullptr && seen.progress != nullptr && seen.refresh != nullptr);
  CHECK(seen.cancel == options.cancel->get() && seen.client == nullptr);
  CHECK_NUMBER(seen.memory_limit, 1);
  CHECK_NUMBER(seen.range_offset, 3);
  CHECK_NUMBER(seen.range_length, 4);
  CHECK_NUMBER(seen.max_bytes, 9);
  CHECK_NUMBER(seen.rate_limit, 10);
  CHECK_NUMBER(seen.part_size, 11);
  CHECK_NUMBER(seen.connections, 12);
  CHECK_NUMBER(seen.retries, 13);
  CHECK_NUMBER(seen.retry_budget_ms, 14);
  CHECK_NUMBER(seen.connect_timeout_ms, 15);
  CHECK_NUMBER(seen.idle_timeout_ms, 16);
  CHECK_NUMBER(seen.total_timeout_ms, 17);
  CHECK_NUMBER(seen.progress_interval_ms, 18);
  CHECK_NUMBER(seen.flags, 0);
  for (const auto& [flag, number] :
       {std::pair{&oss::download_options::no_overwrite, OSS_DOWNLOAD_NO_OVERWRITE},
        std::pair{&oss::download_options::no_sync, OSS_DOWNLOAD_NO_SYNC},
        std::pair{&oss::download_options::resume, OSS_DOWNLOAD_RESUME},
        std::pair{&oss::download_options::follow_redirects, OSS_DOWNLOAD_FOLLOW_REDIRECTS}}) {
    options.*flag = true;
    CHECK(!oss::download(options));
    CHECK_NUMBER(seen.flags, number);
    options.*flag = false;
  }
}

static void test_client()
{
  using std::chrono::milliseconds;
  const oss::client client({"connect_to", "ca_file", "proxy", milliseconds(19), milliseconds(20)});
  CHECK_NUMBER(seen_client.struct_size, sizeof seen_client);
  CHECK_NUMBER(seen_client.connect_timeout_ms, 19);
  CHECK_NUMBER(seen_client.idle_timeout_ms, 20);
}

int main()
{
  test_download();
  test_client();
  return check_done();
}
