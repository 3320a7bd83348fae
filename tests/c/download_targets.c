/* Downloads that go elsewhere than to a file, or only in part, and what they share. */
#include "download.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECT "dir/object.bin"

static oss_download_options parts(void)
{
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  options.part_size = 131072;
  options.connections = 3;
  return options;
}

static void test_memory(const oss_result *url, struct bytes expected)
{
  oss_download_options options = parts();
  check_case("memory");
  options.memory_limit = expected.len;
  oss_result *result = download_with(url, options);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_bytes(result), expected.len);
  CHECK_NUMBER(oss_result_object_size(result), expected.len);
  CHECK(oss_result_content(result) != NULL &&
        memcmp(oss_result_content(result), expected.data, expected.len) == 0);
  oss_result_free(result);
  options.memory_limit = expected.len - 1;
  check_failed(download_with(url, options), OSS_E_TOO_LARGE);
}

struct collected {
  struct bytes expected;
  size_t length;
  bool same;
  size_t refuse_at;
};

static int32_t collect(void *context, const uint8_t *data, size_t length)
{
  struct collected *got = context;
  got->same = got->same && got->length + length <= got->expected.len &&
              memcmp(got->expected.data + got->length, data, length) == 0;
  got->length += length;
  return got->length > got->refuse_at;
}

static void test_stream(const oss_result *url, struct bytes expected)
{
  struct collected got = {expected, 0, true, SIZE_MAX};
  oss_download_options options = parts();
  check_case("stream");
  options.write = collect;
  options.write_context = &got;
  oss_result *result = download_with(url, options);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK(got.same);
  CHECK_NUMBER(got.length, expected.len);
  CHECK_NUMBER(oss_result_verified(result), OSS_VERIFIED_CRC64);
  CHECK(oss_result_content(result) == NULL);
  oss_result_free(result);
  struct collected refused = {expected, 0, true, 0};
  options.write_context = &refused;
  check_failed(download_with(url, options), OSS_E_CALLBACK);
}

static void test_range_and_expectations(const oss_result *url, struct bytes expected)
{
  oss_download_options options = parts();
  struct bytes part = {expected.data + 1000, 5000};
  uint64_t size = part.len, crc64 = crc64_of(part);
  check_case("range");
  options.memory_limit = expected.len;
  options.range_offset = 1000;
  options.range_length = part.len;
  options.expected_size = &size;
  options.expected_crc64 = &crc64;
  oss_result *result = download_with(url, options);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_bytes(result), part.len);
  CHECK(oss_result_content(result) != NULL &&
        memcmp(oss_result_content(result), part.data, part.len) == 0);
  CHECK_NUMBER(oss_result_verified(result), OSS_VERIFIED_LENGTH);
  oss_result_free(result);
  crc64 ^= 1;
  check_failed(download_with(url, options), OSS_E_CHECKSUM);
  crc64 ^= 1;
  size += 1;
  check_failed(download_with(url, options), OSS_E_CHECKSUM);
  options.expected_size = NULL;
  const uint8_t hash[32] = {0};
  options.expected_sha256 = hash;
  check_failed(download_with(url, options), OSS_E_CHECKSUM);
  options.expected_sha256 = NULL;
  options.expected_md5 = hash;
  check_failed(download_with(url, options), OSS_E_CHECKSUM);
  options.expected_md5 = NULL;
  options.range_offset = expected.len;
  check_failed(download_with(url, options), OSS_E_RANGE);
}

static void test_client(const oss_result *url, struct bytes expected)
{
  oss_client *client = oss_client_new(NULL);
  oss_download_options options = parts();
  check_case("client");
  options.client = client;
  options.memory_limit = expected.len;
  for (int i = 0; i < 3; i++) {
    oss_result *result = download_with(url, options);
    CHECK_TEXT(oss_result_message(result), "");
    CHECK_NUMBER(oss_result_bytes(result), expected.len);
    oss_result_free(result);
  }
  oss_client_free(client);
}

struct fresh {
  oss_result *url;
  int calls;
};

static int32_t refresh(void *context, oss_link *link)
{
  struct fresh *fresh = context;
  fresh->calls++;
  CHECK(oss_link_set(link, NULL, NULL, 0) != 0);
  return oss_link_set(link, oss_result_url(fresh->url), NULL, 0);
}

static int32_t no_refresh(void *context, oss_link *link)
{
  (void)context, (void)link;
  return 1;
}

/* A URL that was signed long ago is expired before a byte is sent. */
static void test_refresh(oss_result *url, struct bytes expected)
{
  oss_presign_options old = presign_options(OBJECT);
  struct fresh fresh = {url, 0};
  oss_download_options options = parts();
  check_case("refresh");
  old.signing_time = 1700000000;
  oss_result *expired = presign(&old);
  options.memory_limit = expected.len;
  options.refresh = refresh;
  options.refresh_context = &fresh;
  oss_result *result = download_with(expired, options);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_refreshes(result), 1);
  CHECK_NUMBER(fresh.calls, 1);
  oss_result_free(result);
  options.refresh = no_refresh;
  check_failed(download_with(expired, options), OSS_E_URL_EXPIRED);
  options.refresh = NULL;
  check_failed(download_with(expired, options), OSS_E_URL_EXPIRED);
  oss_result_free(expired);
}

static int32_t cancel_from_callback(void *context, const oss_progress *progress)
{
  (void)progress;
  oss_cancel_request(context);
  return 0;
}

static void test_cancel(const oss_result *url)
{
  oss_cancel *cancel = oss_cancel_new();
  oss_download_options options = parts();
  check_case("cancel");
  options.path = in_folder("cancelled");
  options.cancel = cancel;
  options.rate_limit = 100000;
  options.progress = cancel_from_callback;
  options.progress_context = cancel;
  options.progress_interval_ms = -1;
  check_failed(download_with(url, options), OSS_E_CANCELLED);
  check_no_file(options.path);
  oss_cancel_free(cancel);
}

struct race {
  const oss_result *url;
  oss_cancel *cancel;
  atomic_int reports;
  int at;
};

static int32_t cancel_at_report(void *context, const oss_progress *progress)
{
  struct race *race = context;
  (void)progress;
  if (atomic_fetch_add(&race->reports, 1) == race->at)
    oss_cancel_request(race->cancel);
  return 0;
}

static void download_in_race(int number, void *context)
{
  struct race *race = context;
  oss_download_options options = parts();
  char name[32];
  snprintf(name, sizeof name, "race-%d-%d", race->at, number);
  options.path = in_folder(name);
  options.cancel = race->cancel;
  options.progress = cancel_at_report;
  options.progress_context = race;
  options.progress_interval_ms = -1;
  oss_result *file = download_with(race->url, options);
  if (oss_result_code(file) == OSS_OK) {
    check_file_equals(options.path, env("OSS_TEST_OBJECT"));
    oss_result_free(file);
  } else {
    check_failed(file, OSS_E_CANCELLED);
    check_no_file(options.path);
  }
}

/* One of eight cancels them all, at some report: each is there, whole, or not at all. */
static void test_cancel_races(const oss_result *url)
{
  check_case("cancel races");
  for (int at = 0; at < 40; at += 8) {
    struct race race = {url, oss_cancel_new(), 0, at};
    check_on_threads(8, download_in_race, &race);
    /* Reports that come late are put together: there may be fewer. */
    CHECK((oss_cancel_is_requested(race.cancel) != 0) == (atomic_load(&race.reports) > at));
    oss_cancel_free(race.cancel);
  }
}

void test_all_targets(void)
{
  oss_presign_options options = presign_options(OBJECT);
  oss_result *url = presign(&options);
  struct bytes expected = read_file(env("OSS_TEST_OBJECT"));
  test_memory(url, expected);
  test_stream(url, expected);
  test_range_and_expectations(url, expected);
  test_client(url, expected);
  test_refresh(url, expected);
  test_cancel(url);
  test_cancel_races(url);
  free(expected.data);
  oss_result_free(url);
  check_case(NULL);
}
