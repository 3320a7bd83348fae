/* oss_download and its options, as far as no server is needed. */
#include "abi.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define TEXT(field, refuses_junk) \
  {#field, offsetof(oss_download_options, field), refuses_junk}
/* clang-format on */

static const struct text_field texts[] = {
    TEXT(url, true),
    TEXT(path, false),
    TEXT(connect_to, true),
    TEXT(ca_file, false),
};

/* The last report of a download that fails before a byte came. */
static int32_t nothing_came(void *context, const oss_progress *progress)
{
  (void)context;
  CHECK(progress->bytes_done == 0);
  CHECK(progress->bytes_total == UINT64_MAX);
  return 0;
}

oss_download_options full_download(void)
{
  static const oss_pair headers[] = {{"x-oss-meta-a", "b"}};
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  /* Ports 1 and 9 are tcpmux and discard, which nobody serves any more. */
  options.url = "http://127.0.0.1:9/bucket/key?x-oss-signature=" SECRET;
  options.headers = headers;
  options.headers_len = COUNT(headers);
  options.path = "abi-test-target";
  options.progress = nothing_came;
  options.connect_to = "127.0.0.1:1";
  options.connect_timeout_ms = 5000;
  options.retries = -1;
  options.idle_timeout_ms = 5000;
  options.total_timeout_ms = 5000;
  return options;
}

static void check_not_connected(oss_result *result)
{
  CHECK_NUMBER(oss_result_code(result), OSS_E_CONNECT);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_CONNECT);
  CHECK(oss_result_message(result)[0] != '\0');
  CHECK(strstr(oss_result_message(result), SECRET) == NULL);
  CHECK(oss_result_retryable(result));
  CHECK(oss_result_os_error(result) != 0);
  oss_result_free(result);
}

static void test_texts(void)
{
  for (size_t i = 0; i < COUNT(texts); i++) {
    const char *name = texts[i].name;
    oss_download_options options = full_download();
    check_case(name);
    set_text(&options, texts[i].offset, NOT_UTF8);
    check_refused(oss_download(&options), OSS_E_INVALID_UTF8, name);
    if (texts[i].refuses_junk) {
      set_text(&options, texts[i].offset, JUNK);
      check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, name);
      set_text(&options, texts[i].offset, "");
      check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, name);
    }
  }
  check_case(NULL);
  {
    oss_download_options options = full_download();
    options.url = NULL;
    check_refused(oss_download(&options), OSS_E_NULL_ARGUMENT, "url:");
    options = full_download();
    options.path = NULL;
    check_refused(oss_download(&options), OSS_E_NULL_ARGUMENT, "path:");
    options.path = "";
    check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "path:");
    options.path = "/";
    check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "path:");
    options = full_download();
    options.path = JUNK;
#ifndef _WIN32 /* There file names have no line breaks. */
    check_not_connected(oss_download(&options));
#endif
    options = full_download();
    options.ca_file = JUNK;
    check_refused(oss_download(&options), OSS_E_IO, "ca_file:");
  }
}

static void test_headers(void)
{
  static const struct {
    oss_pair pair;
    oss_code code;
  } bad[] = {
      {{NULL, "value"}, OSS_E_NULL_ARGUMENT},
      {{"name", NULL}, OSS_E_NULL_ARGUMENT},
      {{NOT_UTF8, "value"}, OSS_E_INVALID_UTF8},
      {{"name", NOT_UTF8}, OSS_E_INVALID_UTF8},
      {{"", "value"}, OSS_E_INVALID_ARGUMENT},
      {{"na me", "value"}, OSS_E_INVALID_ARGUMENT},
      {{"name", "value\r\nother: value"}, OSS_E_INVALID_ARGUMENT},
  };
  static oss_pair many[1025];
  oss_download_options options = full_download();
  for (size_t i = 0; i < COUNT(bad); i++) {
    options.headers = &bad[i].pair;
    options.headers_len = 1;
    check_refused(oss_download(&options), bad[i].code, "headers:");
  }
  options.headers = NULL;
  check_refused(oss_download(&options), OSS_E_NULL_ARGUMENT, "headers:");
  options.headers = many;
  options.headers_len = COUNT(many);
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "headers:");
  options.headers_len = SIZE_MAX;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "headers:");
  options.headers_len = 0;
  check_not_connected(oss_download(&options));
  options.headers = NULL;
  check_not_connected(oss_download(&options));
}

static void test_numbers(void)
{
  oss_download_options options = full_download();
  options.flags = UINT32_MAX;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "flags:");
  options.flags = 1u << 31;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "flags:");
  options.flags = OSS_DOWNLOAD_NO_OVERWRITE | OSS_DOWNLOAD_NO_SYNC;
  check_not_connected(oss_download(&options));
  /* "Negative: no limit", to the last number. */
  options.connect_timeout_ms = INT32_MIN;
  options.idle_timeout_ms = INT32_MIN;
  options.total_timeout_ms = INT32_MIN;
  check_not_connected(oss_download(&options));
  options.connect_timeout_ms = INT32_MAX;
  options.idle_timeout_ms = INT32_MAX;
  options.total_timeout_ms = INT32_MAX;
  check_not_connected(oss_download(&options));
}

static oss_result *download_sized(size_t stated, size_t size, unsigned char rest)
{
  oss_download_options full = full_download();
  size_t known = size < sizeof full ? size : sizeof full;
  unsigned char *options = malloc(size);
  oss_result *result;
  if (options == NULL)
    abort();
  memcpy(options, &full, known);
  memset(options + known, rest, size - known);
  memcpy(options, &stated, sizeof stated);
  result = oss_download((const void *)options);
  free(options);
  return result;
}

static void test_sizes(void)
{
  const size_t ours = sizeof(oss_download_options);
  const size_t junk[] = {0, 1, sizeof(size_t) - 1, ours - 1, ours + 1, 1u << 20, SIZE_MAX};
  for (size_t i = 0; i < COUNT(junk); i++)
    check_refused(download_sized(junk[i], ours, 0), OSS_E_UNSUPPORTED_ABI, "struct_size:");
  check_not_connected(download_sized(ours, ours, 0));
  check_not_connected(download_sized(ours + 64, ours + 64, 0));
  check_refused(download_sized(ours + 64, ours + 64, 1), OSS_E_UNSUPPORTED_ABI, "struct_size:");
  check_refused(download_sized(sizeof(size_t), sizeof(size_t), 0), OSS_E_NULL_ARGUMENT, "url:");
  {
    size_t short_size = offsetof(oss_download_options, ca_file);
    check_not_connected(download_sized(short_size, short_size, 0));
  }
}

void test_download_options(void)
{
  check_refused(oss_download(NULL), OSS_E_NULL_ARGUMENT, "options:");
  test_texts();
  test_headers();
  test_numbers();
  test_sizes();
}
