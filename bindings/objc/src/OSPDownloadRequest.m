#import <OSSPresign/OSPDownloadRequest.h>

#import "OSPMemory.h"

@implementation OSPDownloadRequest

@synthesize presignedURL = _presignedURL;
@synthesize fileURL = _fileURL;
@synthesize outputStream = _outputStream;
@synthesize memoryLimit = _memoryLimit;
@synthesize refreshHandler = _refreshHandler;
@synthesize rangeOffset = _rangeOffset;
@synthesize rangeLength = _rangeLength;
@synthesize expectedSize = _expectedSize;
@synthesize expectedCRC64 = _expectedCRC64;
@synthesize expectedSHA256 = _expectedSHA256;
@synthesize expectedMD5 = _expectedMD5;
@synthesize maxBytes = _maxBytes;
@synthesize rateLimit = _rateLimit;
@synthesize partSize = _partSize;
@synthesize connections = _connections;
@synthesize retries = _retries;
@synthesize retryBudget = _retryBudget;
@synthesize totalTimeout = _totalTimeout;
@synthesize progressInterval = _progressInterval;
@synthesize overwrites = _overwrites;
@synthesize syncs = _syncs;
@synthesize resumes = _resumes;
@synthesize followsRedirects = _followsRedirects;

- (instancetype)initWithPresignedURL:(OSPPresignedURL *)presignedURL
{
  self = [super init];
  if (self != nil) {
    _presignedURL = [presignedURL copy];
    _overwrites = YES;
    _syncs = YES;
  }
  return self;
}

- (void)dealloc
{
  OSP_RELEASE(_presignedURL);
  OSP_RELEASE(_fileURL);
  OSP_RELEASE(_outputStream);
  OSP_RELEASE(_refreshHandler);
  OSP_RELEASE(_expectedSize);
  OSP_RELEASE(_expectedCRC64);
  OSP_RELEASE(_expectedSHA256);
  OSP_RELEASE(_expectedMD5);
  OSP_SUPER_DEALLOC();
}

- (id)copyWithZone:(NSZone *)zone
{
  OSPDownloadRequest *copy =
      [[[self class] allocWithZone:zone] initWithPresignedURL:_presignedURL];
  copy.fileURL = _fileURL;
  copy.outputStream = _outputStream;
  copy.memoryLimit = _memoryLimit;
  copy.refreshHandler = _refreshHandler;
  copy.rangeOffset = _rangeOffset;
  copy.rangeLength = _rangeLength;
  copy.expectedSize = _expectedSize;
  copy.expectedCRC64 = _expectedCRC64;
  copy.expectedSHA256 = _expectedSHA256;
  copy.expectedMD5 = _expectedMD5;
  copy.maxBytes = _maxBytes;
  copy.rateLimit = _rateLimit;
  copy.partSize = _partSize;
  copy.connections = _connections;
  copy.retries = _retries;
  copy.retryBudget = _retryBudget;
  copy.totalTimeout = _totalTimeout;
  copy.progressInterval = _progressInterval;
  copy.overwrites = _overwrites;
  copy.syncs = _syncs;
  copy.resumes = _resumes;
  copy.followsRedirects = _followsRedirects;
  return copy;
}

@end
