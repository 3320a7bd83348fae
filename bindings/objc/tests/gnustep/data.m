// GNUstep's NSData with a deallocator forgets its bytes; with this, it has them.
#import <Foundation/Foundation.h>
#include <objc/runtime.h>

typedef void (^Deallocator)(void *bytes, NSUInteger length);

@interface TestData : NSData {
  void *_bytes;
  NSUInteger _length;
  Deallocator _deallocator;
}
@end

@implementation TestData

- (void)dealloc
{
  _deallocator(_bytes, _length);
  [_deallocator release];
  [super dealloc];
}

- (NSUInteger)length
{
  return _length;
}

- (const void *)bytes
{
  return _bytes;
}

// Where -init of GNUstep's NSData ends.
- (instancetype)initWithBytesNoCopy:(void *)bytes length:(NSUInteger)length freeWhenDone:(BOOL)free
{
  (void)bytes, (void)length, (void)free;
  return self;
}

static id init_whole(id self, SEL command, void *bytes, NSUInteger length, Deallocator deallocator)
{
  (void)command;
  [self release];
  TestData *data = [[TestData alloc] init];
  data->_bytes = bytes;
  data->_length = length;
  data->_deallocator = [deallocator copy];
  return data;
}

+ (void)load
{
  // NSData's own, and that of what +alloc of it gives.
  SEL selector = @selector(initWithBytesNoCopy:length:deallocator:);
  id placeholder = [NSData alloc];
  method_setImplementation(class_getInstanceMethod([NSData class], selector), (IMP)init_whole);
  method_setImplementation(class_getInstanceMethod(object_getClass(placeholder), selector),
                           (IMP)init_whole);
  [placeholder release];
}

@end
