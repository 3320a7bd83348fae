/* Reading URLs: what the inspection says through C, and what it refuses. */
#include "abi.h"

#include <string.h>

#define SIGNED_AT 1702743657 /* 20231216T162057Z */
#define HOST "b.oss-cn-hangzhou.aliyuncs.com"
#define SIGNATURE "a553100d35f52dfa3d257285ea63fcb6d813e17278b41af82e43cb2cc9ae1e82"
#define CREDENTIAL "x-oss-credential=canary%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"
#define DATE "&x-oss-date=20231216T162057Z"
#define EXPIRES "&x-oss-expires=900"
#define SIGNED_WITH "&x-oss-signature=" SIGNATURE
#define VERSION "&x-oss-signature-version=OSS4-HMAC-SHA256"
#define GOOD CREDENTIAL DATE EXPIRES SIGNED_WITH VERSION

static void test_good(void)
{
  static const char *const url =
      "https://" HOST "/k?" GOOD
      "&x-oss-additional-headers=host;if-match;range&versionId=v%2B1&x-oss-process=p";
  oss_result *result = oss_url_inspect(url, SIGNED_AT + 900);
  check_case("good URL");
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_DONE);
  CHECK_TEXT(oss_result_message(result), "");
  CHECK_NUMBER(oss_result_url_style(result), OSS_URL_V4);
  CHECK_NUMBER(oss_result_url_flags(result), OSS_URL_HTTPS | OSS_URL_SIGNS_RANGE |
                                                 OSS_URL_SIGNS_IF_MATCH | OSS_URL_SIGNS_HOST |
                                                 OSS_URL_PROCESSES);
  CHECK_NUMBER(oss_result_signed_at(result), SIGNED_AT);
  CHECK_NUMBER(oss_result_expires_at(result), SIGNED_AT + 900);
  CHECK_NUMBER(oss_result_header_count(result), 2);
  CHECK_TEXT(oss_result_header_name(result, 0), "if-match");
  CHECK_TEXT(oss_result_header_name(result, 1), "range");
  CHECK_TEXT(oss_result_header_name(result, 2), NULL);
  CHECK_TEXT(oss_result_header_value(result, 0), NULL);
  CHECK_TEXT(oss_result_version_id(result), "v+1");
  CHECK_TEXT(oss_result_redacted_url(result), "https://" HOST "/k?[redacted]");
  CHECK_NUMBER(oss_result_problem_count(result), 0);
  CHECK_NUMBER(oss_result_problem(result, 0), OSS_PROBLEM_NONE);
  CHECK(!oss_result_problem_is_error(result, 0));
  CHECK_TEXT(oss_result_problem_message(result, 0), "");
  CHECK_NUMBER(oss_result_problem(result, SIZE_MAX), OSS_PROBLEM_NONE);
  /* What belongs to other results. */
  CHECK_TEXT(oss_result_method(result), "");
  CHECK_TEXT(oss_result_url(result), "");
  CHECK_NUMBER(oss_result_bytes(result), 0);
  oss_result_free(result);
}

static void test_styles(void)
{
  static const struct {
    const char *url;
    oss_url_style style;
    uint32_t flags;
    int64_t signed_at, expires_at;
  } cases[] = {
      {"https://h/k", OSS_URL_UNKNOWN, OSS_URL_HTTPS | OSS_URL_MAY_SPLIT, 0, 0},
      {"https://h/k?OSSAccessKeyId=i&Expires=1702744557&Signature=s", OSS_URL_V1,
       OSS_URL_HTTPS | OSS_URL_MAY_SPLIT, 0, 1702744557},
      {"http://h/k?X-Amz-Date=20231216T162057Z&X-Amz-Expires=9", OSS_URL_AMZ_V4, OSS_URL_MAY_SPLIT,
       SIGNED_AT, SIGNED_AT + 9},
      {"https://h/k?" GOOD, OSS_URL_V4, OSS_URL_HTTPS | OSS_URL_MAY_SPLIT, SIGNED_AT,
       SIGNED_AT + 900},
  };
  check_case("styles");
  for (size_t i = 0; i < COUNT(cases); i++) {
    oss_result *result = oss_url_inspect(cases[i].url, SIGNED_AT);
    CHECK_NUMBER(oss_result_url_style(result), cases[i].style);
    CHECK_NUMBER(oss_result_url_flags(result), cases[i].flags);
    CHECK_NUMBER(oss_result_signed_at(result), cases[i].signed_at);
    CHECK_NUMBER(oss_result_expires_at(result), cases[i].expires_at);
    oss_result_free(result);
  }
}

/* Each number of oss_problem, from a URL that has this problem and no other. */
static void test_problems(void)
{
  static const struct {
    oss_problem problem;
    bool is_error;
    const char *url;
  } cases[] = {
      {OSS_PROBLEM_HTML_ESCAPED, true,
       "https://h/k?" CREDENTIAL "&amp;x-oss-date=20231216T162057Z&amp;x-oss-expires=900"},
      {OSS_PROBLEM_MISSPELT_VERSION, true,
       "https://h/k?" CREDENTIAL DATE EXPIRES SIGNED_WITH
       "&x-oss-signature-verion=OSS4-HMAC-SHA256"},
      {OSS_PROBLEM_SIGNATURE_VERSION, true,
       "https://h/k?" CREDENTIAL DATE EXPIRES SIGNED_WITH "&x-oss-signature-version=OSS4"},
      {OSS_PROBLEM_MISSING_PARAMETER, true, "https://h/k?" CREDENTIAL DATE SIGNED_WITH VERSION},
      {OSS_PROBLEM_REPEATED_PARAMETER, false, "https://h/k?" GOOD EXPIRES},
      {OSS_PROBLEM_SIGNATURE_FORM, true,
       "https://h/k?" CREDENTIAL DATE EXPIRES VERSION "&x-oss-signature=a553"},
      {OSS_PROBLEM_CREDENTIAL_FORM, true,
       "https://h/k?x-oss-credential=canary" DATE EXPIRES SIGNED_WITH VERSION},
      {OSS_PROBLEM_CREDENTIAL_DAY, true,
       "https://h/k?" CREDENTIAL
       "&x-oss-date=20231215T162057Z&x-oss-expires=604800" SIGNED_WITH VERSION},
      {OSS_PROBLEM_DATE_FORM, true,
       "https://h/k?" CREDENTIAL "&x-oss-date=20231216" EXPIRES SIGNED_WITH VERSION},
      {OSS_PROBLEM_EXPIRES_NOT_A_NUMBER, true,
       "https://h/k?" CREDENTIAL DATE "&x-oss-expires=soon" SIGNED_WITH VERSION},
      {OSS_PROBLEM_EXPIRES_OUT_OF_RANGE, true,
       "https://h/k?" CREDENTIAL DATE "&x-oss-expires=604801" SIGNED_WITH VERSION},
      {OSS_PROBLEM_EXPIRES_IS_TIMESTAMP, true,
       "https://h/k?" CREDENTIAL DATE "&x-oss-expires=1702744557" SIGNED_WITH VERSION},
      {OSS_PROBLEM_ADDITIONAL_HEADERS, true, "https://h/k?" GOOD "&x-oss-additional-headers=b;a"},
      {OSS_PROBLEM_EXPIRED, true,
       "https://h/k?" CREDENTIAL DATE "&x-oss-expires=1" SIGNED_WITH VERSION},
      {OSS_PROBLEM_NOT_YET_VALID, true,
       "https://h/k?x-oss-credential=canary%2F20231217%2Fr%2Foss%2Faliyun_v4_request"
       "&x-oss-date=20231217T162057Z" EXPIRES SIGNED_WITH VERSION},
      {OSS_PROBLEM_INTERNAL_ENDPOINT, false,
       "https://b.oss-cn-hangzhou-internal.aliyuncs.com/k?" GOOD},
      {OSS_PROBLEM_PLAIN_HTTP, false, "http://h/k?" GOOD},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    oss_result *result = oss_url_inspect(cases[i].url, SIGNED_AT + 2);
    check_case(cases[i].url);
    CHECK_NUMBER(oss_result_code(result), OSS_OK);
    CHECK_NUMBER(oss_result_problem_count(result), 1);
    CHECK_NUMBER(oss_result_problem(result, 0), cases[i].problem);
    CHECK(oss_result_problem_is_error(result, 0) == cases[i].is_error);
    CHECK(strlen(oss_result_problem_message(result, 0)) > 20);
    CHECK(strstr(oss_result_problem_message(result, 0), "canary") == NULL);
    oss_result_free(result);
  }
  CHECK_NUMBER(COUNT(cases), OSS_PROBLEM_PLAIN_HTTP);
}

static void test_now(void)
{
  oss_result *result = oss_url_inspect("https://h/k?" GOOD, 0);
  check_case("the system clock");
  CHECK_NUMBER(oss_result_problem(result, 0), OSS_PROBLEM_EXPIRED);
  oss_result_free(result);
}

void test_inspection(void)
{
  test_good();
  test_styles();
  test_problems();
  test_now();
  check_case("refused URLs");
  check_refused(oss_url_inspect(NULL, 0), OSS_E_NULL_ARGUMENT, "url: ");
  check_refused(oss_url_inspect(NOT_UTF8, 0), OSS_E_INVALID_UTF8, "url: ");
  check_refused(oss_url_inspect(JUNK, 0), OSS_E_INVALID_ARGUMENT, "url: ");
  check_refused(oss_url_inspect("", 0), OSS_E_INVALID_ARGUMENT, "url: ");
  check_refused(oss_url_inspect("https://u:canary@h/", 0), OSS_E_INVALID_ARGUMENT, "url: ");
  check_case(NULL);
}
