/* What results give: the documented values, and the documented empty ones. */
#include "abi.h"

#include <string.h>

static void check_no_failure(const oss_result *result)
{
  CHECK_TEXT(oss_result_message(result), "");
  CHECK(!oss_result_retryable(result));
  CHECK_NUMBER(oss_result_os_error(result), 0);
  CHECK_TEXT(oss_result_server_code(result), "");
  CHECK_TEXT(oss_result_server_message(result), "");
  CHECK_TEXT(oss_result_host_id(result), "");
  CHECK_TEXT(oss_result_ec(result), "");
}

static void check_no_presign(const oss_result *result)
{
  CHECK_TEXT(oss_result_method(result), "");
  CHECK_TEXT(oss_result_url(result), "");
  CHECK_NUMBER(oss_result_expires_at(result), 0);
  CHECK_NUMBER(oss_result_header_count(result), 0);
  CHECK_TEXT(oss_result_header_name(result, 0), NULL);
  CHECK_TEXT(oss_result_header_value(result, 0), NULL);
  CHECK_TEXT(oss_result_canonical_request(result), "");
  CHECK_TEXT(oss_result_string_to_sign(result), "");
}

static void check_no_download(const oss_result *result)
{
  CHECK_NUMBER(oss_result_bytes(result), 0);
  CHECK_TEXT(oss_result_etag(result), "");
  CHECK_NUMBER(oss_result_crc64(result), 0);
  CHECK_NUMBER(oss_result_verified(result), OSS_VERIFIED_NOTHING);
  CHECK_NUMBER(oss_result_http_status(result), 0);
  CHECK_TEXT(oss_result_request_id(result), "");
}

static void check_no_inspection(const oss_result *result)
{
  CHECK_NUMBER(oss_result_url_style(result), OSS_URL_UNKNOWN);
  CHECK_NUMBER(oss_result_url_flags(result), 0);
  CHECK_NUMBER(oss_result_signed_at(result), 0);
  CHECK_TEXT(oss_result_version_id(result), "");
  CHECK_TEXT(oss_result_redacted_url(result), "");
  CHECK_NUMBER(oss_result_problem_count(result), 0);
  CHECK_NUMBER(oss_result_problem(result, 0), OSS_PROBLEM_NONE);
  CHECK(!oss_result_problem_is_error(result, 0));
  CHECK_TEXT(oss_result_problem_message(result, 0), "");
}

static void test_null(void)
{
  check_case("NULL result");
  CHECK_NUMBER(oss_result_code(NULL), OSS_E_NULL_ARGUMENT);
  CHECK_NUMBER(oss_result_phase(NULL), OSS_PHASE_CHECK);
  check_no_failure(NULL);
  check_no_presign(NULL);
  check_no_download(NULL);
  check_no_inspection(NULL);
  CHECK_TEXT(oss_result_header_name(NULL, SIZE_MAX), NULL);
  CHECK_TEXT(oss_result_header_value(NULL, SIZE_MAX), NULL);
  oss_result_free(NULL);
}

static void test_presigned(void)
{
  oss_presign_options options = full_presign();
  oss_result *result = oss_presign_get(&options);
  static const oss_pair headers[] = {
      {"range", "bytes=0-9"},
      {"x-oss-meta-a", "b"},
      {"x-oss-range-behavior", "standard"},
      {"x-oss-request-payer", "requester"},
      {"x-oss-traffic-limit", "819200"},
  };
  check_case("presigned");
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_DONE);
  CHECK_TEXT(oss_result_method(result), "GET");
  CHECK_STARTS(oss_result_url(result), "http://127.0.0.1:9000/examplebucket/dir/object.txt?");
  CHECK_NUMBER(oss_result_expires_at(result), 1702744257);
  CHECK_STARTS(oss_result_canonical_request(result), "GET\n/examplebucket/dir/object.txt\n");
  CHECK_STARTS(oss_result_string_to_sign(result), "OSS4-HMAC-SHA256\n20231216T162057Z\n");
  CHECK(strstr(oss_result_canonical_request(result), SECRET) == NULL);
  CHECK(strstr(oss_result_string_to_sign(result), SECRET) == NULL);
  CHECK(strstr(oss_result_url(result), SECRET) == NULL);
  CHECK_NUMBER(oss_result_header_count(result), COUNT(headers));
  for (size_t i = 0; i < COUNT(headers); i++) {
    CHECK_TEXT(oss_result_header_name(result, i), headers[i].name);
    CHECK_TEXT(oss_result_header_value(result, i), headers[i].value);
  }
  CHECK_TEXT(oss_result_header_name(result, COUNT(headers)), NULL);
  CHECK_TEXT(oss_result_header_value(result, COUNT(headers)), NULL);
  CHECK_TEXT(oss_result_header_name(result, SIZE_MAX), NULL);
  CHECK_TEXT(oss_result_header_value(result, SIZE_MAX), NULL);
  check_no_failure(result);
  check_no_download(result);
  check_no_inspection(result);
  /* Reading does not change what is read. */
  CHECK(oss_result_url(result) == oss_result_url(result));
  oss_result_free(result);
}

static void test_failed(void)
{
  oss_download_options options = full_download();
  oss_result *result;
  check_case("failed download");
  options.url = "ftp://host/";
  result = oss_download(&options);
  CHECK_NUMBER(oss_result_code(result), OSS_E_INVALID_ARGUMENT);
  check_no_presign(result);
  check_no_download(result);
  check_no_inspection(result);
  oss_result_free(result);
  check_case("failed presign");
  result = oss_presign_get(NULL);
  CHECK_NUMBER(oss_result_code(result), OSS_E_NULL_ARGUMENT);
  check_no_presign(result);
  check_no_download(result);
  check_no_inspection(result);
  oss_result_free(result);
}

void test_results(void)
{
  test_null();
  test_presigned();
  test_failed();
  check_case(NULL);
}
