// Presigned download URLs for Alibaba Cloud OSS (signature version 4), and downloads by them.
#import <OSSPresign/OSPCredentials.h>
#import <OSSPresign/OSPDownloadRequest.h>
#import <OSSPresign/OSPDownloadResult.h>
#import <OSSPresign/OSPDownloadTask.h>
#import <OSSPresign/OSPDownloader.h>
#import <OSSPresign/OSPDownloaderConfiguration.h>
#import <OSSPresign/OSPError.h>
#import <OSSPresign/OSPGetObjectRequest.h>
#import <OSSPresign/OSPPresignedURL.h>
#import <OSSPresign/OSPPresigner.h>
#import <OSSPresign/OSPURLInspection.h>
