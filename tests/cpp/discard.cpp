// Must not compile with -Werror: results are not to be dropped.
#include <oss_presign/oss_presign.hpp>

int main()
{
#if defined(DROP_PRESIGN)
  oss::presign_get({});
#elif defined(DROP_DOWNLOAD)
  oss::download({});
#elif defined(DROP_FUTURE)
  oss::download_async({});
#endif
}
