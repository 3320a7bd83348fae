#include "mixed.hpp"

#include <oss_presign/oss_presign.hpp>

#if OSS_PRESIGN_EXCEPTIONS
#error "compile this with -fno-exceptions"
#endif

long long download_without_exceptions(const char* url)
{
  long long bytes = 0;
  oss::download_options options;
  options.url = url;
  options.write = [&bytes](std::string_view piece) {
    bytes += static_cast<long long>(piece.size());
    return true;
  };
  options.progress = [](const oss::progress&) { return true; };
  options.refresh = [] { return std::optional<oss::link>(); };
  return oss::download(options) ? bytes : -1;
}
