/* Two presigned URLs, one that lives for an hour, one that ends at an instant:
 * expiry [PATH [HOST:PORT CA_FILE]] */
#include "task.h"

#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
  /// [duration]
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.bin";
  options.expires_in = 3600; /* seconds from now */
  oss_result *url = oss_presign_get(&options);
  /// [duration]
  int status = finish(url, argc - 1, argv + 1);
  if (status != EXIT_SUCCESS)
    return status;

  /// [instant]
  const int64_t day = 86400, now = time(NULL);
  options.expires_at = now - now % day + 2 * day; /* when tomorrow ends, UTC */
  url = oss_presign_get(&options);
  /// [instant]
  return finish(url, argc - 1, argv + 1);
}
