/* Any thread at any time: presigning together, reading one result together, freeing elsewhere. */
#include "abi.h"

#include <string.h>

enum { THREADS = 8, ROUNDS = 50 };

static void presign_and_compare(int number, void *expected)
{
  (void)number;
  for (int i = 0; i < ROUNDS; i++) {
    oss_presign_options options = full_presign();
    oss_result *result = oss_presign_get(&options);
    CHECK_NUMBER(oss_result_code(result), OSS_OK);
    CHECK_TEXT(oss_result_url(result), expected);
    oss_result_free(result);
  }
}

static void read_and_compare(int number, void *result)
{
  (void)number;
  for (int i = 0; i < ROUNDS; i++) {
    CHECK_NUMBER(oss_result_code(result), OSS_OK);
    CHECK_STARTS(oss_result_url(result), "http://127.0.0.1:9000/examplebucket/dir/object.txt?");
    CHECK_TEXT(oss_result_header_name(result, 0), "range");
    CHECK_TEXT(oss_result_header_value(result, 0), "bytes=0-9");
    CHECK_STARTS(oss_result_string_to_sign(result), "OSS4-HMAC-SHA256\n");
  }
}

static void free_one(int number, void *results)
{
  oss_result_free(((oss_result **)results)[number]);
}

void test_threads(void)
{
  oss_presign_options options = full_presign();
  oss_result *result = oss_presign_get(&options);
  oss_result *results[THREADS];
  char url[2048];
  CHECK(strlen(oss_result_url(result)) < sizeof url);
  strncpy(url, oss_result_url(result), sizeof url - 1);
  url[sizeof url - 1] = '\0';
  check_on_threads(THREADS, presign_and_compare, url);
  check_on_threads(THREADS, read_and_compare, result);
  oss_result_free(result);
  for (int i = 0; i < THREADS; i++)
    results[i] = oss_presign_get(&options);
  check_on_threads(THREADS, free_one, results);
}
