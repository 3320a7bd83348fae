/* A program of one version of the header; prints the sizes of its structs. APPENDED: the header has a
 * field more than the library, and its value is this. */
#include "oss_presign.h"
#include <stdio.h>
#include <string.h>

static int failures;

static void check(const char *what, const oss_result *result, oss_code wanted)
{
  if (oss_result_code(result) != wanted) {
    printf("%s: %s, not %s\n", what, oss_code_name((int32_t)oss_result_code(result)),
           oss_code_name((int32_t)wanted));
    failures++;
  }
}

int main(void)
{
  oss_presign_options presign;
  oss_download_options download;
  oss_client_options connect;
  oss_client *client;
  oss_result *url;
  oss_result *file;
  oss_code signs = OSS_OK;
  oss_code downloads = OSS_E_INVALID_ARGUMENT;

  OSS_OPTIONS_INIT(&presign);
  presign.region = "cn-hangzhou";
  presign.bucket = "examplebucket";
  presign.key = "dir/object.txt";
  presign.access_key_id = "id";
  presign.access_key_secret = "secret";
  OSS_OPTIONS_INIT(&download);
  download.url = "nowhere";
  download.path = "object.txt";
  OSS_OPTIONS_INIT(&connect);
#ifdef APPENDED
  presign.appended = APPENDED;
  download.appended = APPENDED;
  connect.appended = APPENDED;
  if (APPENDED != 0)
    signs = downloads = OSS_E_UNSUPPORTED_ABI;
#endif

  url = oss_presign_get(&presign);
  check("oss_presign_get", url, signs);
  if (signs == OSS_OK && strstr(oss_result_url(url), "x-oss-signature=") == NULL)
    failures++;
  file = oss_download(&download);
  check("oss_download", file, downloads);
  oss_result_free(file);

  /* The client's options are right or wrong for each download that uses it. */
  client = oss_client_new(&connect);
  OSS_OPTIONS_INIT(&download);
  download.url = "nowhere";
  download.path = "object.txt";
  download.client = client;
  file = oss_download(&download);
  check("oss_client_new", file, downloads);
  oss_result_free(file);
  oss_client_free(client);
  oss_result_free(url);
  printf("%u %u %u\n", (unsigned)sizeof presign, (unsigned)sizeof download,
         (unsigned)sizeof connect);
  return failures;
}
