/* The header needs no other before it, bears to be included twice, and its macros work in every
 * language standard. C and C++; compiled only. */
#include "oss_presign.h"
#include "oss_presign.h"

static int32_t go_on(void *context, const oss_progress *progress)
{
  (void)context;
  return progress->bytes_done > progress->bytes_total;
}

int use_all_kinds_of_names(void);

int use_all_kinds_of_names(void)
{
  oss_presign_options presign;
  oss_download_options download;
  oss_pair pair = {"name", "value"};
  oss_result *url;
  oss_result *file;
  oss_code code;
  OSS_OPTIONS_INIT(&presign);
  OSS_OPTIONS_INIT(&download);
  presign.headers = &pair;
  presign.addressing = OSS_ADDRESSING_PATH;
  presign.endpoint_kind = OSS_ENDPOINT_INTERNAL;
  presign.flags = OSS_PRESIGN_HTTP;
  url = oss_presign_get(&presign);
  download.url = oss_result_url(url);
  download.progress = go_on;
  download.flags = OSS_DOWNLOAD_NO_OVERWRITE | OSS_DOWNLOAD_NO_SYNC;
  file = oss_download(&download);
  code = oss_result_code(file);
  if (oss_result_verified(file) == OSS_VERIFIED_CRC64 && oss_result_phase(file) == OSS_PHASE_DONE)
    code = OSS_OK;
  oss_result_free(file);
  oss_result_free(url);
  return (int)code + OSS_PRESIGN_VERSION_MAJOR + OSS_PRESIGN_VERSION_MINOR +
         OSS_PRESIGN_VERSION_PATCH + OSS_PRESIGN_ABI_VERSION;
}
