/* vectors CASES [IDENTICAL REFUSED]: the reference SDK's presigned URLs through the C ABI.
 *
 * One case a line, items between tabs: "same" or "refuse", an id, then name=value with every byte of
 * the value but A-Za-z0-9-._~ as %XX. Names are those of the options; query= and header= hold a pair
 * and may repeat, and so may want.header=; "want." starts an expectation. IDENTICAL and REFUSED are
 * the least counts of cases that must have run.
 *
 * What C cannot say is skipped and counted: a text with a NUL, and the instant 0, which is "not
 * given". */
#include "check.h"
#include "oss_presign.h"

#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PAIRS = 1024 };

struct pairs {
  oss_pair items[MAX_PAIRS];
  size_t len;
};

enum outcome { IDENTICAL, REFUSED, WRONG, INEXPRESSIBLE };

struct test_case {
  const char *id;
  bool inexpressible;
  oss_presign_options options;
  struct pairs query;
  struct pairs headers;
  const char *want_url;
  const char *want_string_to_sign;
  const char *want_expires_at;
  struct pairs want_headers;
};

static const struct {
  const char *name;
  size_t offset;
} texts[] = {
/* clang-format off */
#define TEXT(field) {#field, offsetof(oss_presign_options, field)}
    /* clang-format on */
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
#undef TEXT
};

static void fail(const char *id, const char *message, const char *detail)
{
  fprintf(stderr, "vectors: %s: %s%s\n", id, message, detail);
  exit(EXIT_FAILURE);
}

static int hex_digit(char c)
{
  static const char digits[] = "0123456789ABCDEF";
  const char *found = c == '\0' ? NULL : strchr(digits, c);
  return found == NULL ? -1 : (int)(found - digits);
}

/* Decodes in place. */
static char *decode(struct test_case *c, char *text)
{
  char *out = text;
  for (const char *in = text; *in != '\0'; out++) {
    if (*in != '%') {
      *out = *in++;
      continue;
    }
    int high = hex_digit(in[1]);
    int low = high < 0 ? -1 : hex_digit(in[2]);
    if (low < 0)
      fail(c->id, "bad escape in ", text);
    if (high + low == 0)
      c->inexpressible = true;
    *out = (char)(high * 16 + low);
    in += 3;
  }
  *out = '\0';
  return text;
}

static int64_t number(const char *id, const char *text)
{
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0')
    fail(id, "not a number: ", text);
  return value;
}

static void add_pair(struct test_case *c, struct pairs *pairs, char *value)
{
  char *equals = strchr(value, '=');
  if (equals == NULL || pairs->len == MAX_PAIRS)
    fail(c->id, "bad pair: ", value);
  *equals = '\0';
  pairs->items[pairs->len++] = (oss_pair){decode(c, value), decode(c, equals + 1)};
}

static bool set_number(struct test_case *c, const char *name, const char *value)
{
  oss_presign_options *o = &c->options;
#define NUMBER(field, type)                        \
  if (strcmp(name, #field) == 0) {                 \
    int64_t parsed = number(c->id, value);         \
    o->field = (type)parsed;                       \
    if ((int64_t)o->field != parsed)               \
      fail(c->id, "number out of range: ", value); \
    return true;                                   \
  }
  if (strcmp(name, "signing_time") == 0 || strcmp(name, "expires_at") == 0)
    c->inexpressible |= number(c->id, value) == 0;
  NUMBER(expires_in, int64_t)
  NUMBER(expires_at, int64_t)
  NUMBER(signing_time, int64_t)
  NUMBER(traffic_limit, int64_t)
  NUMBER(addressing, uint32_t)
  NUMBER(endpoint_kind, uint32_t)
  NUMBER(flags, uint32_t)
#undef NUMBER
  return false;
}

static void set_item(struct test_case *c, const char *name, char *value)
{
  if (strcmp(name, "query") == 0) {
    add_pair(c, &c->query, value);
    return;
  }
  if (strcmp(name, "header") == 0) {
    add_pair(c, &c->headers, value);
    return;
  }
  if (strcmp(name, "want.header") == 0) {
    add_pair(c, &c->want_headers, value);
    return;
  }
  const char *text = decode(c, value);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(name, texts[i].name) == 0) {
      memcpy((char *)&c->options + texts[i].offset, &text, sizeof text);
      return;
    }
  }
  if (strcmp(name, "want.url") == 0)
    c->want_url = text;
  else if (strcmp(name, "want.expires_at") == 0)
    c->want_expires_at = text;
  else if (strcmp(name, "want.string_to_sign") == 0)
    c->want_string_to_sign = text;
  else if (!set_number(c, name, text))
    fail(c->id, "unknown item: ", name);
}

static void check_same(const struct test_case *c, const oss_result *result)
{
  if (c->want_url == NULL || c->want_expires_at == NULL || c->want_string_to_sign == NULL)
    fail(c->id, "an expectation is missing", "");
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_TEXT(oss_result_method(result), "GET");
  CHECK_TEXT(oss_result_url(result), c->want_url);
  CHECK_TEXT(oss_result_string_to_sign(result), c->want_string_to_sign);
  CHECK_NUMBER(oss_result_expires_at(result), number(c->id, c->want_expires_at));
  CHECK_NUMBER(oss_result_header_count(result), c->want_headers.len);
  for (size_t i = 0; i < c->want_headers.len; i++) {
    CHECK_TEXT(oss_result_header_name(result, i), c->want_headers.items[i].name);
    CHECK_TEXT(oss_result_header_value(result, i), c->want_headers.items[i].value);
  }
}

static void check_refused(const oss_result *result, const regex_t *names_a_field)
{
  oss_code code = oss_result_code(result);
  CHECK(code == OSS_E_INVALID_ARGUMENT || code == OSS_E_INVALID_UTF8 ||
        code == OSS_E_NULL_ARGUMENT);
  CHECK(regexec(names_a_field, oss_result_message(result), 0, NULL, 0) == 0);
  CHECK_TEXT(oss_result_url(result), "");
}

static enum outcome run(char *line, struct test_case *c, const regex_t *names_a_field)
{
  char *rest;
  const char *class = strtok_r(line, "\t", &rest);
  memset(c, 0, sizeof *c);
  c->id = strtok_r(NULL, "\t", &rest);
  if (class == NULL || c->id == NULL)
    fail("line", "has no class and id", "");
  bool same = strcmp(class, "same") == 0;
  if (!same && strcmp(class, "refuse") != 0)
    fail(c->id, "unknown class: ", class);
  OSS_OPTIONS_INIT(&c->options);
  for (char *item; (item = strtok_r(NULL, "\t", &rest)) != NULL;) {
    char *equals = strchr(item, '=');
    if (equals == NULL)
      fail(c->id, "no = in ", item);
    *equals = '\0';
    set_item(c, item, equals + 1);
  }
  if (c->inexpressible)
    return INEXPRESSIBLE;
  c->options.query = c->query.items;
  c->options.query_len = c->query.len;
  c->options.headers = c->headers.items;
  c->options.headers_len = c->headers.len;
  int failures = check_failures();
  check_case(c->id);
  oss_result *result = oss_presign_get(&c->options);
  if (same)
    check_same(c, result);
  else
    check_refused(result, names_a_field);
  oss_result_free(result);
  check_case(NULL);
  if (check_failures() > failures)
    return WRONG;
  return same ? IDENTICAL : REFUSED;
}

int main(int argc, char **argv)
{
  static struct test_case c;
  int counts[4] = {0, 0, 0, 0};
  char *line = NULL;
  size_t capacity = 0;
  regex_t names_a_field;
  FILE *cases = argc > 1 ? fopen(argv[1], "r") : NULL;
  if (cases == NULL)
    fail("usage", "vectors CASES [IDENTICAL REFUSED]: cannot read ", argc > 1 ? argv[1] : "");
  if (regcomp(&names_a_field, "^[a-z_]+: .", REG_EXTENDED | REG_NOSUB) != 0)
    abort();
  while (getline(&line, &capacity, cases) > 0) {
    line[strcspn(line, "\n")] = '\0';
    counts[run(line, &c, &names_a_field)]++;
  }
  free(line);
  regfree(&names_a_field);
  fclose(cases);
  CHECK(counts[IDENTICAL] >= (argc > 2 ? number("IDENTICAL", argv[2]) : 1));
  CHECK(counts[REFUSED] >= (argc > 3 ? number("REFUSED", argv[3]) : 1));
  CHECK(counts[IDENTICAL] > 0 && counts[REFUSED] > 0);
  check_case("at the end");
  check_nothing_left();
  int code = check_done();
  printf("%d wrong, %d that C cannot express\n", counts[WRONG], counts[INEXPRESSIBLE]);
  printf("vectors: %d identical, %d refused\n", counts[IDENTICAL], counts[REFUSED]);
  return code;
}
