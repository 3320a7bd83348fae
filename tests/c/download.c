/* Downloads that succeed, against the emulator: the right bytes, verified, under the right name. */
#include "download.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OBJECT "dir/object.bin"

struct watch {
  oss_progress last;
  int calls;
  bool went_back;
};

static int32_t watch(void *context, const oss_progress *progress)
{
  struct watch *watch = context;
  if (watch->calls++ > 0 && progress->bytes_done < watch->last.bytes_done)
    watch->went_back = true;
  watch->last = *progress;
  return 0;
}

static void check_progress(const struct watch *watch, uint64_t bytes)
{
  CHECK(watch->calls > 0);
  CHECK(!watch->went_back);
  CHECK_NUMBER(watch->last.bytes_done, bytes);
  CHECK_NUMBER(watch->last.bytes_total, bytes);
}

static void check_downloaded(const oss_result *result, const char *path, const char *expected_path)
{
  struct bytes expected = read_file(expected_path);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_DONE);
  CHECK_NUMBER(oss_result_bytes(result), expected.len);
  CHECK_NUMBER(oss_result_crc64(result), crc64_of(expected));
  CHECK_NUMBER(oss_result_verified(result), OSS_VERIFIED_CRC64);
  CHECK(oss_result_etag(result)[0] == '"');
  CHECK(oss_result_request_id(result)[0] != '\0');
  free(expected.data);
  check_file_equals(path, expected_path);
}

static void test_with_progress(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_result *url = presign(&options);
  oss_download_options download;
  struct watch seen = {{0, 0, 0, 0}, 0, false};
  const char *path = in_folder("with-progress");
  check_case("download");
  OSS_OPTIONS_INIT(&download);
  download.path = path;
  download.progress = watch;
  download.progress_context = &seen;
  oss_result *file = download_with(url, download);
  check_downloaded(file, path, env("OSS_TEST_OBJECT"));
  check_progress(&seen, oss_result_bytes(file));
  CHECK(oss_result_http_status(file) / 100 == 2);
  /* The accessors of a presign find nothing here. */
  CHECK_TEXT(oss_result_method(file), "");
  CHECK_TEXT(oss_result_url(file), "");
  CHECK_NUMBER(oss_result_expires_at(file), 0);
  CHECK_NUMBER(oss_result_header_count(file), 0);
  CHECK_TEXT(oss_result_header_name(file, 0), NULL);
  CHECK_TEXT(oss_result_string_to_sign(file), "");
  CHECK_TEXT(oss_result_ec(file), "");
  oss_result_free(file);

  /* Again, over what is there, and without a wait for the disk. */
  write_file(path, "old");
  download.progress = NULL;
  download.flags = OSS_DOWNLOAD_NO_SYNC;
  file = download_with(url, download);
  check_downloaded(file, path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);

  check_case("NO_OVERWRITE of nothing");
  download.path = in_folder("not-there-yet");
  download.flags = OSS_DOWNLOAD_NO_OVERWRITE;
  file = download_with(url, download);
  check_downloaded(file, download.path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);
  oss_result_free(url);
}

static void test_slow(void)
{
  oss_presign_options options = presign_options("slow.bin");
  oss_result *url = presign(&options);
  oss_download_options download;
  struct watch seen = {{0, 0, 0, 0}, 0, false};
  check_case("slow");
  OSS_OPTIONS_INIT(&download);
  download.path = in_folder("slow");
  download.progress = watch;
  download.progress_context = &seen;
  /* At the interval that is usual, all may be there before the second report is due. */
  download.progress_interval_ms = -1;
  oss_result *file = download_with(url, download);
  check_downloaded(file, download.path, env("OSS_TEST_OBJECT"));
  check_progress(&seen, oss_result_bytes(file));
  CHECK(seen.calls > 2);
  oss_result_free(file);
  oss_result_free(url);
}

static void test_signed_headers(void)
{
  oss_presign_options options = presign_options(OBJECT);
  const oss_pair range = {"Range", "bytes=10-109"};
  check_case("signed headers");
  options.traffic_limit = 838860800;
  options.request_payer = "requester";
  oss_result *url = presign(&options);
  CHECK_NUMBER(oss_result_header_count(url), 2);
  const char *path = in_folder("signed-headers");
  oss_result *file = download_to(url, path);
  check_downloaded(file, path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);
  oss_result_free(url);

  check_case("signed range");
  options.headers = &range;
  options.headers_len = 1;
  url = presign(&options);
  file = download_to(url, path);
  CHECK_NUMBER(oss_result_code(file), OSS_OK);
  CHECK_NUMBER(oss_result_http_status(file), 206);
  CHECK_NUMBER(oss_result_bytes(file), 100);
  /* The service states the checksum of the whole object only. */
  CHECK_NUMBER(oss_result_verified(file), OSS_VERIFIED_LENGTH);
  struct bytes whole = read_file(env("OSS_TEST_OBJECT"));
  struct bytes part = read_file(path);
  CHECK(part.len == 100 && memcmp(part.data, whole.data + 10, 100) == 0);
  CHECK_NUMBER(oss_result_crc64(file), crc64_of(part));
  free(whole.data);
  free(part.data);
  oss_result_free(file);
  oss_result_free(url);
}

static void test_versions_and_names(void)
{
  oss_presign_options options = presign_options(OBJECT);
  const char *path = in_folder("version");
  check_case("old version");
  options.version_id = env("OSS_TEST_OLD_VERSION");
  oss_result *url = presign(&options);
  oss_result *file = download_to(url, path);
  check_downloaded(file, path, env("OSS_TEST_OLD_OBJECT"));
  CHECK_TEXT(oss_result_version_id(file), env("OSS_TEST_OLD_VERSION"));
  oss_result_free(file);
  oss_result_free(url);

  check_case("forced download name");
  options = presign_options(OBJECT);
  options.response_content_disposition = "attachment; filename=\"\xe6\x8a\xa5\xe5\x91\x8a.pdf\"";
  options.response_content_type = "application/pdf";
  url = presign(&options);
  CHECK(strstr(oss_result_url(url),
               "&response-content-disposition="
               "attachment%3B%20filename%3D%22%E6%8A%A5%E5%91%8A.pdf%22&") != NULL ||
        strstr(oss_result_url(url),
               "?response-content-disposition="
               "attachment%3B%20filename%3D%22%E6%8A%A5%E5%91%8A.pdf%22&") != NULL);
  file = download_to(url, path);
  check_downloaded(file, path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);
  oss_result_free(url);
}

static void test_https(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_download_options download;
  check_case("https");
  /* OSS's own host name, virtual-hosted: only the connection goes elsewhere. */
  options.endpoint = NULL;
  options.addressing = OSS_ADDRESSING_VIRTUAL_HOSTED;
  oss_result *url = presign(&options);
  CHECK_STARTS(oss_result_url(url), "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/dir/");
  OSS_OPTIONS_INIT(&download);
  download.path = in_folder("https");
  download.connect_to = env("OSS_TEST_HTTPS");
  download.ca_file = env("OSS_TEST_CA");
  oss_result *file = download_with(url, download);
  check_downloaded(file, download.path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);

  check_case("https, unknown authority");
  download.path = in_folder("untrusted");
  download.ca_file = NULL;
  check_failed(download_with(url, download), OSS_E_TLS);
  check_no_file(download.path);
  oss_result_free(url);
}

static void download_on_thread(int number, void *context)
{
  char name[32];
  oss_presign_options options = presign_options(OBJECT);
  oss_result *url = presign(&options);
  (void)context;
  snprintf(name, sizeof name, "thread-%d", number);
  const char *path = in_folder(name);
  oss_result *file = download_to(url, path);
  check_downloaded(file, path, env("OSS_TEST_OBJECT"));
  oss_result_free(file);
  /* And all to one target: the last one wins, whole. */
  file = download_to(url, in_folder("shared-target"));
  CHECK_NUMBER(oss_result_code(file), OSS_OK);
  oss_result_free(file);
  oss_result_free(url);
}

int main(void)
{
  test_with_progress();
  test_slow();
  test_signed_headers();
  test_versions_and_names();
  test_https();
  check_case(NULL);
  check_on_threads(8, download_on_thread, NULL);
  check_file_equals(in_folder("shared-target"), env("OSS_TEST_OBJECT"));
  test_all_targets();
  test_failures();
  check_case("at the end");
  check_no_part_files();
  check_case("at the end");
  check_nothing_left();
  return check_done();
}
