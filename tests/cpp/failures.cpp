// Downloads that fail: the right code, what OSS said, and a target as it was before.
#include "support.hpp"

#include <cerrno>

namespace test {
namespace {

using std::chrono::milliseconds;

/// The service refuses: code and everything it said about it.
void check_refusal(const oss::presign_options& presigning, oss_code code, int status,
                   const char* server_code, bool has_ec = true)
{
  const oss::error error = fail_over_old(options_for(presign(presigning)), code);
  CHECK_NUMBER(error.http_status, status);
  CHECK_NUMBER(error.phase, OSS_PHASE_HEADERS);
  CHECK_SAME(error.server_code, server_code);
  CHECK(!error.server_message.empty());
  CHECK(!error.request_id.empty());
  CHECK(!error.host_id.empty());
  CHECK_SAME(error.ec.substr(0, 2), has_ec ? "00" : "");
  CHECK(!error.retryable);
  CHECK_NUMBER(error.os_error, 0);
}

void test_refusals()
{
  check_case("wrong secret");
  auto presigning = presign_options(object);
  presigning.access_key_secret = "wrong";
  check_refusal(presigning, OSS_E_FORBIDDEN, 403, "SignatureDoesNotMatch");

  check_case("unknown access key");
  presigning.access_key_id = "LTAI5tNobody";
  check_refusal(presigning, OSS_E_FORBIDDEN, 403, "InvalidAccessKeyId");

  check_case("no such key");
  check_refusal(presign_options("no/such/key"), OSS_E_NOT_FOUND, 404, "NoSuchKey");

  // The emulator knows no EC of this.
  check_case("no such version");
  presigning = presign_options(object);
  presigning.version_id = "CAEQnosuchversion";
  check_refusal(presigning, OSS_E_NOT_FOUND, 404, "NoSuchVersion", false);

  check_case("no such bucket");
  presigning = presign_options(object);
  presigning.bucket = "no-such-bucket";
  check_refusal(presigning, OSS_E_NOT_FOUND, 404, "NoSuchBucket");
}

void test_missing_header()
{
  check_case("signed header not sent");
  auto presigning = presign_options(object);
  presigning.traffic_limit = 838860800;
  auto options = options_for(presign(presigning));
  options.headers.clear();
  const oss::error error = fail_over_old(options, OSS_E_FORBIDDEN);
  CHECK_NUMBER(error.http_status, 403);
  CHECK_SAME(error.server_code, "SignatureDoesNotMatch");
  CHECK(!error.ec.empty());
}

void test_expired()
{
  check_case("expired");
  const auto now = std::chrono::system_clock::now();
  auto presigning = presign_options(object);
  presigning.signing_time = std::chrono::floor<std::chrono::seconds>(now) - std::chrono::hours(2);
  presigning.expires_in = std::chrono::minutes(1);
  fail_over_old(options_for(presign(presigning)), OSS_E_URL_EXPIRED);
}

void test_altered()
{
  check_case("wrong CRC-64");
  const oss::error error = fail_over_old(options_for("altered.bin"), OSS_E_CHECKSUM);
  CHECK_NUMBER(error.phase, OSS_PHASE_VERIFY);
}

void test_bad_targets()
{
  check_case("no_overwrite");
  auto options = options_for(object);
  options.no_overwrite = true;
  fail_over_old(options, OSS_E_EXISTS);

  check_case("target is a folder");
  options = options_for(object);
  options.path = in_folder("a-folder");
  CHECK(fs::create_directory(options.path));
  auto file = oss::download(options);
  check_failed(file, OSS_E_INVALID_ARGUMENT);
  CHECK_STARTS(file ? "" : file.error().message.c_str(), "path:");

  check_case("no folder for the target");
  options.path = in_folder("no-such-folder") / "target";
  file = oss::download(options);
  check_failed(file, OSS_E_IO);
  if (!file) {
    CHECK_NUMBER(file.error().os_error, ENOENT);
    CHECK_NUMBER(file.error().phase, OSS_PHASE_DISK);
  }
}

void test_cancel_by_progress()
{
  for (const char* key : {"slow.bin", object}) {
    check_case(key);
    int calls = 0;
    auto options = options_for(key);
    options.progress = [&calls](const oss::progress&) {
      calls++;
      return false;
    };
    const oss::error error = fail_over_old(options, OSS_E_CANCELLED);
    CHECK_NUMBER(calls, 1);
    CHECK(!error.retryable);
  }
}

void test_connect()
{
  check_case("connection refused");
  auto options = options_for(object);
  options.connect_to = env("OSS_TEST_CLOSED");
  options.retries = -1;
  const oss::error error = fail_over_old(options, OSS_E_CONNECT);
  CHECK_NUMBER(error.phase, OSS_PHASE_CONNECT);
  CHECK_NUMBER(error.os_error, ECONNREFUSED);
  CHECK_NUMBER(error.http_status, 0);
  CHECK(error.retryable);
}

void test_times()
{
  check_case("total timeout");
  auto options = options_for(object);
  options.rate_limit = 100000;
  options.total_timeout = milliseconds(50);
  fail_over_old(options, OSS_E_TIMEOUT);
}

}  // namespace

void test_failures()
{
  test_refusals();
  test_missing_header();
  test_expired();
  test_altered();
  test_bad_targets();
  test_cancel_by_progress();
  test_connect();
  test_times();
  check_case(nullptr);
}

}  // namespace test
