/* Makes a presigned URL for an object. Prints method, expiration, URL and signed headers.
 * Credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment. */
#include <oss_presign.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_HEADERS = 16 };

static void usage(void)
{
  fputs(
      "usage: presign --region R --bucket B --key K [--endpoint E] [--expires SECONDS]\n"
      "               [--version-id V] [--attachment NAME] [--header NAME=VALUE]...\n",
      stderr);
  exit(2);
}

static int64_t seconds(const char *text)
{
  char *end;
  long long number = strtoll(text, &end, 10);
  if (end == text || *end != '\0')
    usage();
  return number;
}

int main(int argc, char **argv)
{
  oss_pair headers[MAX_HEADERS];
  char disposition[512];
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.headers = headers;

  for (int i = 1; i < argc; i += 2) {
    const char *name = argv[i];
    char *value = argv[i + 1];
    if (value == NULL)
      usage();
    if (strcmp(name, "--region") == 0) {
      options.region = value;
    } else if (strcmp(name, "--bucket") == 0) {
      options.bucket = value;
    } else if (strcmp(name, "--key") == 0) {
      options.key = value;
    } else if (strcmp(name, "--endpoint") == 0) {
      options.endpoint = value;
    } else if (strcmp(name, "--expires") == 0) {
      options.expires_in = seconds(value);
    } else if (strcmp(name, "--version-id") == 0) {
      options.version_id = value;
    } else if (strcmp(name, "--attachment") == 0) {
      snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", value);
      options.response_content_disposition = disposition;
    } else if (strcmp(name, "--header") == 0 && options.headers_len < MAX_HEADERS) {
      char *equals = strchr(value, '=');
      if (equals == NULL)
        usage();
      *equals = '\0';
      headers[options.headers_len++] = (oss_pair){value, equals + 1};
    } else {
      usage();
    }
  }

  oss_result *url = oss_presign_get(&options);
  if (oss_result_code(url) != OSS_OK) {
    fprintf(stderr, "presign: %s\n", oss_result_message(url));
    oss_result_free(url);
    return EXIT_FAILURE;
  }
  time_t expires_at = (time_t)oss_result_expires_at(url);
  char expiration[32];
  strftime(expiration, sizeof expiration, "%Y-%m-%dT%H:%M:%SZ", gmtime(&expires_at));
  printf("%s, expires %s\n%s\n", oss_result_method(url), expiration, oss_result_url(url));
  for (size_t i = 0; i < oss_result_header_count(url); i++)
    printf("%s: %s\n", oss_result_header_name(url, i), oss_result_header_value(url, i));
  oss_result_free(url);
  return EXIT_SUCCESS;
}
