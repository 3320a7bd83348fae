/* A presigned URL that a browser saves as a file: forced_download [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

int main(int argc, char **argv)
{
  /// [presign]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  options.response_content_disposition = "attachment; filename=\"report 2026.bin\"";
  oss_result *url = oss_presign_get(&options);
  /// [presign]
  return finish(url, argc - 1, argv + 1);
}
