/* Downloads that fail: the right code, what OSS said, and a target as it was before. */
#include "download.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define OBJECT "dir/object.bin"

/* Downloads to a target that is there, and checks that it stays. */
static oss_result *download_over_old(const oss_result *url, oss_download_options options)
{
  options.path = in_folder("old-target");
  write_file(options.path, "old content");
  oss_result *file = download_with(url, options);
  check_file_is(options.path, "old content");
  check_no_part_files();
  return file;
}

static oss_download_options no_options(void)
{
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  return options;
}

/* The service refuses: code and everything it said about it. */
static void check_refusal(const oss_presign_options *options, oss_code code, int status,
                          const char *server_code, const char *ec_start)
{
  oss_result *url = presign(options);
  oss_result *file = download_over_old(url, no_options());
  CHECK_NUMBER(oss_result_http_status(file), status);
  CHECK_NUMBER(oss_result_phase(file), OSS_PHASE_HEADERS);
  CHECK_TEXT(oss_result_server_code(file), server_code);
  CHECK(oss_result_server_message(file)[0] != '\0');
  CHECK(oss_result_request_id(file)[0] != '\0');
  CHECK(oss_result_host_id(file)[0] != '\0');
  CHECK_STARTS(oss_result_ec(file), ec_start);
  CHECK(!oss_result_retryable(file));
  check_failed(file, code);
  oss_result_free(url);
}

static void test_refusals(void)
{
  oss_presign_options options = presign_options(OBJECT);
  check_case("wrong secret");
  options.access_key_secret = "wrong";
  check_refusal(&options, OSS_E_FORBIDDEN, 403, "SignatureDoesNotMatch", "00");

  check_case("unknown access key");
  options.access_key_id = "LTAI5tNobody";
  check_refusal(&options, OSS_E_FORBIDDEN, 403, "InvalidAccessKeyId", "00");

  check_case("no such key");
  options = presign_options("no/such/key");
  check_refusal(&options, OSS_E_NOT_FOUND, 404, "NoSuchKey", "00");

  /* The emulator knows no EC of this. */
  check_case("no such version");
  options = presign_options(OBJECT);
  options.version_id = "CAEQnosuchversion";
  check_refusal(&options, OSS_E_NOT_FOUND, 404, "NoSuchVersion", "");

  check_case("no such bucket");
  options = presign_options(OBJECT);
  options.bucket = "no-such-bucket";
  check_refusal(&options, OSS_E_NOT_FOUND, 404, "NoSuchBucket", "00");
}

static void test_missing_header(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_download_options download = no_options();
  check_case("signed header not sent");
  options.traffic_limit = 838860800;
  oss_result *url = presign(&options);
  download.path = in_folder("missing-header");
  download.url = oss_result_url(url);
  oss_result *file = oss_download(&download);
  CHECK_NUMBER(oss_result_http_status(file), 403);
  CHECK_TEXT(oss_result_server_code(file), "SignatureDoesNotMatch");
  CHECK(oss_result_request_id(file)[0] != '\0');
  CHECK(oss_result_ec(file)[0] != '\0');
  check_failed(file, OSS_E_FORBIDDEN);
  check_no_file(download.path);
  oss_result_free(url);
}

static void test_expired(void)
{
  oss_presign_options options = presign_options(OBJECT);
  check_case("expired");
  options.signing_time = (int64_t)time(NULL) - 7200;
  options.expires_in = 60;
  oss_result *url = presign(&options);
  check_failed(download_over_old(url, no_options()), OSS_E_URL_EXPIRED);
  oss_result_free(url);
}

static void test_altered(void)
{
  oss_presign_options options = presign_options("altered.bin");
  check_case("wrong CRC-64");
  oss_result *url = presign(&options);
  oss_result *file = download_over_old(url, no_options());
  CHECK_NUMBER(oss_result_phase(file), OSS_PHASE_VERIFY);
  check_failed(file, OSS_E_CHECKSUM);
  oss_result_free(url);
}

static void test_targets(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_download_options download = no_options();
  oss_result *url = presign(&options);
  check_case("NO_OVERWRITE");
  download.flags = OSS_DOWNLOAD_NO_OVERWRITE;
  check_failed(download_over_old(url, download), OSS_E_EXISTS);

  check_case("target is a folder");
  download = no_options();
  download.path = in_folder("a-folder");
  CHECK(mkdir(download.path, 0777) == 0);
  oss_result *file = download_with(url, download);
  CHECK_STARTS(oss_result_message(file), "path:");
  check_failed(file, OSS_E_INVALID_ARGUMENT);

  check_case("no folder for the target");
  download.path = in_folder("no-such-folder/target");
  file = download_with(url, download);
  CHECK_NUMBER(oss_result_os_error(file), ENOENT);
  CHECK_NUMBER(oss_result_phase(file), OSS_PHASE_DISK);
  check_failed(file, OSS_E_IO);
  oss_result_free(url);
}

struct cancel {
  int calls;
  uint64_t done;
};

static int32_t cancel(void *context, const oss_progress *progress)
{
  struct cancel *cancel = context;
  cancel->calls++;
  cancel->done = progress->bytes_done;
  return -1;
}

static void test_cancel(void)
{
  static const char *const keys[] = {"stalled.bin", OBJECT};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    struct cancel seen = {0, 0};
    oss_presign_options options = presign_options(keys[i]);
    oss_download_options download = no_options();
    oss_result *url = presign(&options);
    check_case(keys[i]);
    download.progress = cancel;
    download.progress_context = &seen;
    /* The stalled one is reported on while bytes come, or not at all. */
    if (i == 0)
      download.progress_interval_ms = -1;
    oss_result *file = download_over_old(url, download);
    CHECK_NUMBER(seen.calls, 1);
    if (i == 0)
      CHECK(seen.done > 0 && seen.done <= 300000);
    CHECK(!oss_result_retryable(file));
    check_failed(file, OSS_E_CANCELLED);
    oss_result_free(url);
  }
}

static void test_connect(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_download_options download = no_options();
  oss_result *url = presign(&options);
  check_case("connection refused");
  download.connect_to = env("OSS_TEST_CLOSED");
  oss_result *file = download_over_old(url, download);
  CHECK_NUMBER(oss_result_phase(file), OSS_PHASE_CONNECT);
  CHECK_NUMBER(oss_result_os_error(file), ECONNREFUSED);
  CHECK_NUMBER(oss_result_http_status(file), 0);
  CHECK(oss_result_retryable(file));
  check_failed(file, OSS_E_CONNECT);
  oss_result_free(url);
}

void test_failures(void)
{
  test_refusals();
  test_missing_header();
  test_expired();
  test_altered();
  test_targets();
  test_cancel();
  test_connect();
}
