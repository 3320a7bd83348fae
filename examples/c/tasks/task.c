/* What all tasks have in common: they report, and they download. */
#include "task.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_HEADERS = 8 };

static void print_url(const oss_result *url)
{
  time_t expires_at = (time_t)oss_result_expires_at(url);
  char expiration[32];
  strftime(expiration, sizeof expiration, "%Y-%m-%dT%H:%M:%SZ", gmtime(&expires_at));
  printf("%s, expires %s\n%s\n", oss_result_method(url), expiration, oss_result_url(url));
  for (size_t i = 0; i < oss_result_header_count(url); i++)
    printf("%s: %s\n", oss_result_header_name(url, i), oss_result_header_value(url, i));
}

static oss_result *download(const oss_result *url, const char *path, const char *connect_to,
                            const char *ca_file)
{
  /// [download]
  oss_pair headers[MAX_HEADERS];
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  options.url = oss_result_url(url);
  options.headers = headers;
  for (size_t i = 0; i < oss_result_header_count(url) && i < MAX_HEADERS; i++) {
    headers[i] = (oss_pair){oss_result_header_name(url, i), oss_result_header_value(url, i)};
    options.headers_len++;
  }
  options.path = path;
  options.connect_to = connect_to; /* NULL, but in tests */
  options.ca_file = ca_file;       /* NULL, but in tests */
  oss_result *file = oss_download(&options);
  /// [download]
  return file;
}

int finish(oss_result *url, int argc, char **argv)
{
  oss_result *file = NULL;
  oss_code code = oss_result_code(url);
  if (code != OSS_OK) {
    fprintf(stderr, "presign: %s\n", oss_result_message(url));
  } else {
    print_url(url);
    if (argc > 0) {
      file = download(url, argv[0], argc > 2 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL);
      code = oss_result_code(file);
      if (code == OSS_OK)
        printf("%" PRIu64 " bytes\n", oss_result_bytes(file));
      else
        fprintf(stderr, "download: %s: %s\n", oss_code_name(code), oss_result_message(file));
    }
  }
  oss_result_free(file);
  oss_result_free(url);
  return code == OSS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
