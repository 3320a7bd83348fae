/* A presigned URL with nothing but what every URL needs: basic [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

int main(int argc, char **argv)
{
  /// [presign]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  oss_result *url = oss_presign_get(&options);
  /// [presign]
  return finish(url, argc - 1, argv + 1);
}
