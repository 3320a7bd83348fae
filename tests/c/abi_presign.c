/* oss_presign_get and its options. */
#include "abi.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define TEXT(field, refuses_junk) \
  {#field, offsetof(oss_presign_options, field), refuses_junk}
/* clang-format on */

/* What goes into the URL is escaped, whatever it is; the rest has a syntax. */
static const struct text_field texts[] = {
    TEXT(region, true),
    TEXT(bucket, true),
    TEXT(key, false),
    TEXT(endpoint, true),
    TEXT(access_key_id, false),
    TEXT(access_key_secret, false),
    TEXT(security_token, false),
    TEXT(version_id, false),
    TEXT(process, false),
    TEXT(response_cache_control, false),
    TEXT(response_content_disposition, false),
    TEXT(response_content_encoding, false),
    TEXT(response_content_language, false),
    TEXT(response_content_type, false),
    TEXT(response_expires, false),
    TEXT(range_behavior, true),
    TEXT(request_payer, true),
    TEXT(cloud_box_id, true),
};

static const char *const required[] = {"region", "bucket", "key", "access_key_id",
                                       "access_key_secret"};

oss_presign_options full_presign(void)
{
  static const oss_pair query[] = {{"a", "1"}, {"b", ""}};
  static const oss_pair headers[] = {{"Range", "bytes=0-9"}, {"x-oss-meta-a", "b"}};
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.txt";
  options.endpoint = "http://127.0.0.1:9000";
  options.access_key_id = "id";
  options.access_key_secret = SECRET;
  options.security_token = "token";
  options.version_id = "version";
  options.process = "image/resize,w_100";
  options.response_cache_control = "no-cache";
  options.response_content_disposition = "attachment";
  options.response_content_encoding = "identity";
  options.response_content_language = "zh-CN";
  options.response_content_type = "text/plain";
  options.response_expires = "Fri, 24 Feb 2012 17:00:00 GMT";
  options.range_behavior = "standard";
  options.request_payer = "requester";
  options.cloud_box_id = "cb-1";
  options.query = query;
  options.query_len = COUNT(query);
  options.headers = headers;
  options.headers_len = COUNT(headers);
  options.expires_in = 600;
  options.signing_time = 1702743657;
  options.traffic_limit = 819200;
  return options;
}

static void check_presigned(oss_result *result)
{
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  for (const char *c = oss_result_url(result); *c != '\0'; c++)
    CHECK(*c > ' ' && *c < 0x7f);
  oss_result_free(result);
}

static bool is_required(const char *name)
{
  for (size_t i = 0; i < COUNT(required); i++)
    if (strcmp(name, required[i]) == 0)
      return true;
  return false;
}

static void test_texts(void)
{
  for (size_t i = 0; i < COUNT(texts); i++) {
    const char *name = texts[i].name;
    oss_presign_options options = full_presign();
    check_case(name);
    set_text(&options, texts[i].offset, NULL);
    if (is_required(name))
      check_refused(oss_presign_get(&options), OSS_E_NULL_ARGUMENT, name);
    else
      check_presigned(oss_presign_get(&options));
    set_text(&options, texts[i].offset, NOT_UTF8);
    check_refused(oss_presign_get(&options), OSS_E_INVALID_UTF8, name);
    set_text(&options, texts[i].offset, JUNK);
    if (texts[i].refuses_junk)
      check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, name);
    else
      check_presigned(oss_presign_get(&options));
    if (is_required(name)) {
      set_text(&options, texts[i].offset, "");
      check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, name);
    }
  }
  check_case(NULL);
}

static void test_lists(void)
{
  static oss_pair many[1025];
  static char names[1025][5];
  static const struct {
    oss_pair pair;
    oss_code code;
  } bad[] = {
      {{NULL, "value"}, OSS_E_NULL_ARGUMENT},    {{"name", NULL}, OSS_E_NULL_ARGUMENT},
      {{NOT_UTF8, "value"}, OSS_E_INVALID_UTF8}, {{"name", NOT_UTF8}, OSS_E_INVALID_UTF8},
      {{"", "value"}, OSS_E_INVALID_ARGUMENT},
  };
  for (size_t i = 0; i < COUNT(many); i++) {
    const char *digits = "0123456789";
    char name[] = {digits[i / 1000], digits[i / 100 % 10], digits[i / 10 % 10], digits[i % 10], 0};
    memcpy(names[i], name, sizeof name);
    many[i] = (oss_pair){names[i], "v"};
  }
  for (int list = 0; list < 2; list++) {
    const char *name = list == 0 ? "query" : "headers";
    oss_presign_options options = full_presign();
    const oss_pair **pairs = list == 0 ? &options.query : &options.headers;
    size_t *len = list == 0 ? &options.query_len : &options.headers_len;
    check_case(name);
    for (size_t i = 0; i < COUNT(bad); i++) {
      *pairs = &bad[i].pair;
      *len = 1;
      check_refused(oss_presign_get(&options), bad[i].code, name);
    }
    *pairs = NULL;
    check_refused(oss_presign_get(&options), OSS_E_NULL_ARGUMENT, name);
    *len = SIZE_MAX;
    check_refused(oss_presign_get(&options), OSS_E_NULL_ARGUMENT, name);
    *pairs = many;
    check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, name);
    *len = 1025;
    check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, name);
    *len = 1024;
    check_presigned(oss_presign_get(&options));
    /* The list is not looked at when it is said to be empty. */
    *len = 0;
    *pairs = &bad[0].pair;
    check_presigned(oss_presign_get(&options));
    *pairs = NULL;
    check_presigned(oss_presign_get(&options));
  }
  check_case(NULL);
}

static void test_numbers(void)
{
#define NUMBER(field, value, code)                                  \
  do {                                                              \
    oss_presign_options options = full_presign();                   \
    options.field = (value);                                        \
    check_case(#field " = " #value);                                \
    if ((code) == OSS_OK)                                           \
      check_presigned(oss_presign_get(&options));                   \
    else                                                            \
      check_refused(oss_presign_get(&options), (code), #field ":"); \
  } while (0)
  NUMBER(addressing, OSS_ADDRESSING_CUSTOM_DOMAIN, OSS_OK);
  NUMBER(addressing, OSS_ADDRESSING_CUSTOM_DOMAIN + 1, OSS_E_INVALID_ARGUMENT);
  NUMBER(addressing, UINT32_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(endpoint_kind, OSS_ENDPOINT_ACCELERATE_OVERSEAS, OSS_OK);
  NUMBER(endpoint_kind, OSS_ENDPOINT_ACCELERATE_OVERSEAS + 1, OSS_E_INVALID_ARGUMENT);
  NUMBER(endpoint_kind, UINT32_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(flags, OSS_PRESIGN_HTTP, OSS_OK);
  NUMBER(flags, UINT32_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(flags, 1u << 31, OSS_E_INVALID_ARGUMENT);
  NUMBER(reserved, 1, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_in, 0, OSS_OK);
  NUMBER(expires_in, 604800, OSS_OK);
  NUMBER(expires_in, 604801, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_in, -1, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_in, INT64_MIN, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_in, INT64_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_at, 1702743658, OSS_OK);
  NUMBER(expires_at, 1702743657, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_at, INT64_MIN, OSS_E_INVALID_ARGUMENT);
  NUMBER(expires_at, INT64_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(signing_time, INT64_MIN, OSS_E_INVALID_ARGUMENT);
  NUMBER(signing_time, INT64_MAX, OSS_E_INVALID_ARGUMENT);
  NUMBER(traffic_limit, 0, OSS_OK);
  NUMBER(traffic_limit, 245759, OSS_E_INVALID_ARGUMENT);
  NUMBER(traffic_limit, INT64_MIN, OSS_E_INVALID_ARGUMENT);
#undef NUMBER
  check_case(NULL);
}

/* The outcome for options of this size, all bytes after ours being `rest`. On the heap, so that
 * valgrind sees any byte read past the stated size. */
static oss_result *presign_sized(size_t stated, size_t size, unsigned char rest)
{
  oss_presign_options full = full_presign();
  size_t known = size < sizeof full ? size : sizeof full;
  unsigned char *options = malloc(size);
  oss_result *result;
  if (options == NULL)
    abort();
  memcpy(options, &full, known);
  memset(options + known, rest, size - known);
  memcpy(options, &stated, sizeof stated);
  result = oss_presign_get((const void *)options);
  free(options);
  return result;
}

static void test_sizes(void)
{
  const size_t ours = sizeof(oss_presign_options);
  const size_t junk[] = {0, 1, sizeof(size_t) - 1, ours - 1, ours + 1, 1u << 20, SIZE_MAX};
  for (size_t i = 0; i < COUNT(junk); i++)
    check_refused(presign_sized(junk[i], ours, 0), OSS_E_UNSUPPORTED_ABI, "struct_size:");
  check_presigned(presign_sized(ours, ours, 0));
  /* A newer program that uses none of its new fields, and one that uses the last. */
  check_presigned(presign_sized(ours + 64, ours + 64, 0));
  check_refused(presign_sized(ours + 64, ours + 64, 1), OSS_E_UNSUPPORTED_ABI, "struct_size:");
  /* Older programs: what lies past their size does not count. */
  check_refused(presign_sized(sizeof(size_t), sizeof(size_t), 0), OSS_E_NULL_ARGUMENT, "region:");
  {
    size_t short_size = offsetof(oss_presign_options, query);
    oss_result *older = presign_sized(short_size, short_size, 0);
    CHECK_NUMBER(oss_result_code(older), OSS_OK);
    CHECK(strstr(oss_result_url(older), "versionId=version") != NULL);
    CHECK(strstr(oss_result_url(older), "a=1") == NULL);
    oss_result_free(older);
  }
}

/* Windows has no setenv, and its variables are not bytes; the examples are run with them there. */
#ifndef _WIN32
static void test_environment(void)
{
  oss_presign_options options = full_presign();
  options.access_key_id = NULL;
  options.access_key_secret = NULL;
  options.security_token = NULL;
  unsetenv("OSS_SESSION_TOKEN");
  unsetenv("OSS_ACCESS_KEY_ID");
  setenv("OSS_ACCESS_KEY_SECRET", SECRET, 1);
  check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, "OSS_ACCESS_KEY_ID:");
  setenv("OSS_ACCESS_KEY_ID", NOT_UTF8, 1);
  check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, "OSS_ACCESS_KEY_ID:");
  setenv("OSS_ACCESS_KEY_ID", "id-of-environment", 1);
  {
    oss_result *result = oss_presign_get(&options);
    CHECK(strstr(oss_result_url(result), "id-of-environment") != NULL);
    oss_result_free(result);
  }
  unsetenv("OSS_ACCESS_KEY_SECRET");
  check_refused(oss_presign_get(&options), OSS_E_INVALID_ARGUMENT, "OSS_ACCESS_KEY_SECRET:");
  /* Given in part is a mistake, not a request for the environment. */
  options.security_token = "token";
  check_refused(oss_presign_get(&options), OSS_E_NULL_ARGUMENT, "access_key_id:");
  unsetenv("OSS_ACCESS_KEY_ID");
}
#endif

void test_presign_options(void)
{
  check_refused(oss_presign_get(NULL), OSS_E_NULL_ARGUMENT, "options:");
  test_texts();
  test_lists();
  test_numbers();
  test_sizes();
#ifndef _WIN32
  test_environment();
#endif
}
