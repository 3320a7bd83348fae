/* A presigned URL that demands headers: signed_headers [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

int main(int argc, char **argv)
{
  /// [presign]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  const oss_pair headers[] = {{"Range", "bytes=0-99"}};
  options.headers = headers;
  options.headers_len = 1;
  options.traffic_limit = 819200; /* bit/s; signed as x-oss-traffic-limit */
  oss_result *url = oss_presign_get(&options);
  /// [presign]
  return finish(url, argc - 1, argv + 1);
}
