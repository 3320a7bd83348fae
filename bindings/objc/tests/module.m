// All that an app needs comes by one import, and nothing of the C library does.
@import OSSPresign;

NSString *use(OSPPresigner *presigner, OSPDownloader *downloader, OSPURLInspection *inspection);

NSString *use(OSPPresigner *presigner, OSPDownloader *downloader, OSPURLInspection *inspection)
{
  (void)presigner, (void)downloader, (void)inspection;
  return OSPErrorDomain;
}

#ifdef OSS_PRESIGN_H
#error "The C header came along."
#endif
