// GNUstep's NSProgress never frees the object that holds its fields; with this, a leak that valgrind
// sees in a test is the test's, or the library's.
#import <Foundation/Foundation.h>
#include <objc/runtime.h>

static void (*original)(id self, SEL command);

static void dealloc_whole(id self, SEL command)
{
  Ivar field = class_getInstanceVariable([NSProgress class], "_internal");
  id fields = object_getIvar(self, field);
  original(self, command);
  [fields release];
}

@interface TestProgressRepair : NSObject
@end

@implementation TestProgressRepair

+ (void)load
{
  Method method = class_getInstanceMethod([NSProgress class], @selector(dealloc));
  original = (void (*)(id, SEL))method_getImplementation(method);
  method_setImplementation(method, (IMP)dealloc_whole);
}

@end
