/* The C ABI under bad input: whatever a program passes, it gets a code and a message that names
 * the field, and nothing crashes. */
#include "abi.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

void set_text(void *options, size_t offset, const char *value)
{
  memcpy((char *)options + offset, &value, sizeof value);
}

void check_refused(oss_result *result, oss_code code, const char *message)
{
  CHECK(result != NULL);
  CHECK_TEXT(oss_code_name((int32_t)oss_result_code(result)), oss_code_name((int32_t)code));
  CHECK_STARTS(oss_result_message(result), message);
  CHECK(strstr(oss_result_message(result), SECRET) == NULL);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_CHECK);
  CHECK(!oss_result_retryable(result));
  CHECK_NUMBER(oss_result_http_status(result), 0);
  oss_result_free(result);
}

static void test_code_names(void)
{
/* clang-format off */
#define CODE(name) {name, #name}
  /* clang-format on */
  static const struct {
    oss_code code;
    const char *name;
  } codes[] = {
      CODE(OSS_OK),
      CODE(OSS_E_NULL_ARGUMENT),
      CODE(OSS_E_INVALID_ARGUMENT),
      CODE(OSS_E_INVALID_UTF8),
      CODE(OSS_E_UNSUPPORTED_ABI),
      CODE(OSS_E_RESOLVE),
      CODE(OSS_E_CONNECT),
      CODE(OSS_E_TLS),
      CODE(OSS_E_TIMEOUT),
      CODE(OSS_E_NETWORK),
      CODE(OSS_E_URL_EXPIRED),
      CODE(OSS_E_FORBIDDEN),
      CODE(OSS_E_NOT_FOUND),
      CODE(OSS_E_OBJECT_CHANGED),
      CODE(OSS_E_RANGE),
      CODE(OSS_E_THROTTLED),
      CODE(OSS_E_SERVER),
      CODE(OSS_E_PROTOCOL),
      CODE(OSS_E_IO),
      CODE(OSS_E_NO_SPACE),
      CODE(OSS_E_EXISTS),
      CODE(OSS_E_CALLBACK),
      CODE(OSS_E_TOO_LARGE),
      CODE(OSS_E_CHECKSUM),
      CODE(OSS_E_CANCELLED),
      CODE(OSS_E_INTERNAL),
  };
#undef CODE
  for (int32_t number = -1000; number <= 1000; number++) {
    const char *expected = "unknown";
    for (size_t i = 0; i < COUNT(codes); i++)
      if ((int32_t)codes[i].code == number)
        expected = codes[i].name;
    CHECK_TEXT(oss_code_name(number), expected);
  }
  CHECK_TEXT(oss_code_name(INT32_MIN), "unknown");
  CHECK_TEXT(oss_code_name(INT32_MAX), "unknown");
}

static void test_versions(void)
{
  char version[64];
  snprintf(version, sizeof version, "%d.%d.%d", OSS_PRESIGN_VERSION_MAJOR,
           OSS_PRESIGN_VERSION_MINOR, OSS_PRESIGN_VERSION_PATCH);
  CHECK_TEXT(oss_presign_version(), version);
  CHECK_NUMBER(oss_presign_abi_version(), OSS_PRESIGN_ABI_VERSION);
}

int main(void)
{
  test_code_names();
  test_versions();
  test_presign_options();
  test_download_options();
  test_handles();
  test_inspection();
  test_results();
  test_threads();
  check_case("at the end");
  check_nothing_left();
  return check_done();
}
