/* A presigned URL for one version of an object: version VERSION_ID [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

int main(int argc, char **argv)
{
  /// [presign]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  options.version_id = argv[1];
  oss_result *url = oss_presign_get(&options);
  /// [presign]
  return finish(url, argc - 2, argv + 2);
}
