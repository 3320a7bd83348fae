/* A presigned URL for machines in the bucket's region: internal_endpoint [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

int main(int argc, char **argv)
{
  /// [presign]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  options.endpoint_kind = OSS_ENDPOINT_INTERNAL;
  oss_result *url = oss_presign_get(&options);
  /// [presign]
  return finish(url, argc - 1, argv + 1);
}
