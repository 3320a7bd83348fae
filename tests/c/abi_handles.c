/* Switches, clients and links: NULL, wrong options, and what they leave alone. */
#include "abi.h"

static void test_cancel(void)
{
  oss_cancel *cancel = oss_cancel_new();
  check_case("cancel");
  CHECK(cancel != NULL);
  CHECK(!oss_cancel_is_requested(cancel));
  oss_cancel_request(cancel);
  oss_cancel_request(cancel);
  CHECK(oss_cancel_is_requested(cancel));
  oss_download_options options = full_download();
  options.cancel = cancel;
  oss_result *result = oss_download(&options);
  CHECK_NUMBER(oss_result_code(result), OSS_E_CANCELLED);
  CHECK_NUMBER(oss_result_phase(result), OSS_PHASE_CHECK);
  oss_result_free(result);
  oss_cancel_free(cancel);
  oss_cancel_request(NULL);
  CHECK(!oss_cancel_is_requested(NULL));
  oss_cancel_free(NULL);
}

/* A client that could not be made tells at each download why. */
static void check_client(const oss_client_options *wrong, oss_code code, const char *message)
{
  oss_client *client = oss_client_new(wrong);
  CHECK(client != NULL);
  oss_download_options options = full_download();
  options.client = client;
  options.connect_to = options.ca_file = options.proxy = NULL;
  options.connect_timeout_ms = options.idle_timeout_ms = 0;
  check_refused(oss_download(&options), code, message);
  oss_client_free(client);
}

static void test_client(void)
{
  oss_client_options options;
  check_case("client");
  OSS_OPTIONS_INIT(&options);
  options.connect_to = "nowhere";
  check_client(&options, OSS_E_INVALID_ARGUMENT, "connect_to: ");
  OSS_OPTIONS_INIT(&options);
  options.proxy = "ftp://proxy:1";
  check_client(&options, OSS_E_INVALID_ARGUMENT, "proxy: ");
  OSS_OPTIONS_INIT(&options);
  options.ca_file = NOT_UTF8;
  check_client(&options, OSS_E_INVALID_UTF8, "ca_file: ");
  OSS_OPTIONS_INIT(&options);
  options.struct_size = 0;
  check_client(&options, OSS_E_UNSUPPORTED_ABI, "struct_size: ");

  /* What is the client's cannot be given beside it. */
  oss_client *client = oss_client_new(NULL);
  oss_download_options download = full_download();
  download.client = client;
  check_refused(oss_download(&download), OSS_E_INVALID_ARGUMENT, "connect_to: ");
  oss_client_free(client);
  oss_client_free(NULL);
}

static int32_t write_nothing(void *context, const uint8_t *data, size_t length)
{
  (void)context, (void)data, (void)length;
  return 0;
}

static void test_numbers(void)
{
  oss_download_options options = full_download();
  check_case("numbers");
  options.part_size = 131071;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "part_size: ");
  options = full_download();
  options.connections = 65;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "connections: ");
  options = full_download();
  options.range_offset = UINT64_MAX;
  options.range_length = 2;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "range: ");
  options = full_download();
  options.memory_limit = 1;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "path: ");
  options = full_download();
  options.write = write_nothing;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "path: ");
  options = full_download();
  options.path = NULL;
  options.memory_limit = 1;
  options.flags = OSS_DOWNLOAD_RESUME;
  check_refused(oss_download(&options), OSS_E_INVALID_ARGUMENT, "resume: ");
}

void test_handles(void)
{
  test_cancel();
  test_client();
  test_numbers();
  check_case("link");
  CHECK(oss_link_set(NULL, "http://host/", NULL, 0) != 0);
  check_case(NULL);
}
