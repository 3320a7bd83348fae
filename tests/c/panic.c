/* A panic in the library as it is released becomes OSS_E_INTERNAL, and the process lives on. */
#include "check.h"
#include "oss_presign.h"

/* Only of a library built with the feature panic-test; in no header. */
oss_result *oss_test_panic(void);

static void panic_ten_times(int number, void *context)
{
  (void)number;
  (void)context;
  for (int i = 0; i < 10; i++) {
    oss_result *result = oss_test_panic();
    CHECK(result != NULL);
    CHECK_NUMBER(oss_result_code(result), OSS_E_INTERNAL);
    CHECK(oss_result_message(result)[0] != '\0');
    CHECK(!oss_result_retryable(result));
    oss_result_free(result);
  }
}

int main(void)
{
  oss_presign_options options;
  oss_result *result;
  panic_ten_times(0, NULL);
  check_on_threads(1, panic_ten_times, NULL);
  check_on_threads(4, panic_ten_times, NULL);
  /* And the library works as before. */
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "key";
  options.access_key_id = "id";
  options.access_key_secret = "secret";
  result = oss_presign_get(&options);
  CHECK_NUMBER(oss_result_code(result), OSS_OK);
  oss_result_free(result);
  check_case("at the end");
  check_nothing_left();
  return check_done();
}
