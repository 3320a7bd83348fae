/* A program of somebody else's: signs, is refused a download, and says which library it has. */
#include <oss_presign.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
  oss_presign_options presign;
  oss_result *url;
  int wrong;

  OSS_OPTIONS_INIT(&presign);
  presign.region = "cn-hangzhou";
  presign.bucket = "examplebucket";
  presign.key = "dir/object.txt";
  presign.access_key_id = "id";
  presign.access_key_secret = "secret";
  url = oss_presign_get(&presign);
  wrong =
      oss_result_code(url) != OSS_OK ||
      strncmp(oss_result_url(url), "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/", 51) != 0;
#ifndef SIGN_ONLY
  {
    oss_download_options download;
    oss_result *file;
    OSS_OPTIONS_INIT(&download);
    download.url = "nowhere";
    download.path = "object.txt";
    file = oss_download(&download);
    wrong |= oss_result_code(file) != OSS_E_INVALID_ARGUMENT;
    oss_result_free(file);
  }
#endif
  oss_result_free(url);
  printf("oss_presign %s\n", oss_presign_version());
  return wrong;
}
