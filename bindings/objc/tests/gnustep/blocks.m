// Blocks on GNUstep with GCC's Objective-C runtime, for the tests: Debian's library has half of what
// they need, and what it has does not fit that runtime. The symbols of a program win over those of a
// library. After the public Block ABI; __block variables are left out.
#import <Foundation/Foundation.h>
#include <objc/runtime.h>

#include <stdlib.h>
#include <string.h>

enum {
  COUNT = 0xffff,
  ON_HEAP = 1 << 24,
  HAS_COPY_DISPOSE = 1 << 25,
  IS_GLOBAL = 1 << 28,
  FIELD_IS_OBJECT = 3,
  FIELD_IS_BLOCK = 7,
};

struct descriptor {
  unsigned long reserved;
  unsigned long size;
  void (*copy)(void *to, const void *from);
  void (*dispose)(const void *block);
};

struct block {
  void *isa;
  int flags;
  int reserved;
  void (*invoke)(void);
  const struct descriptor *descriptor;
};

// The compiler takes the addresses of these as the class of a block; +load puts the class there.
void *_NSConcreteStackBlock[32];
void *_NSConcreteGlobalBlock[32];

void *_Block_copy(const void *argument)
{
  struct block *block = (struct block *)argument;
  if (block == NULL || (block->flags & IS_GLOBAL) != 0)
    return block;
  if ((block->flags & ON_HEAP) != 0) {
    __atomic_fetch_add(&block->flags, 1, __ATOMIC_RELAXED);
    return block;
  }
  struct block *copy = malloc(block->descriptor->size);
  if (copy == NULL)
    abort();
  memcpy(copy, block, block->descriptor->size);
  copy->flags = (block->flags & ~COUNT) | ON_HEAP | 1;
  if ((copy->flags & HAS_COPY_DISPOSE) != 0)
    block->descriptor->copy(copy, block);
  return copy;
}

void _Block_release(const void *argument)
{
  struct block *block = (struct block *)argument;
  if (block == NULL || (block->flags & ON_HEAP) == 0 ||
      (__atomic_sub_fetch(&block->flags, 1, __ATOMIC_ACQ_REL) & COUNT) != 0)
    return;
  if ((block->flags & HAS_COPY_DISPOSE) != 0)
    block->descriptor->dispose(block);
  free(block);
}

void _Block_object_assign(void *to, const void *object, const int kind)
{
  if (kind == FIELD_IS_OBJECT)
    *(id *)to = [(id)object retain];
  else if (kind == FIELD_IS_BLOCK)
    *(void **)to = _Block_copy(object);
  else
    abort();
}

void _Block_object_dispose(const void *object, const int kind)
{
  if (kind == FIELD_IS_OBJECT)
    [(id)object release];
  else if (kind == FIELD_IS_BLOCK)
    _Block_release(object);
  else
    abort();
}

@interface TestBlock : NSObject
@end

@implementation TestBlock

+ (void)load
{
  // The first message fills the table of methods that the copies share.
  Class class = [TestBlock class];
  size_t size = class_getInstanceSize(object_getClass(class));
  if (size > sizeof _NSConcreteStackBlock)
    abort();
  memcpy(_NSConcreteStackBlock, class, size);
  memcpy(_NSConcreteGlobalBlock, class, size);
}

- (id)copyWithZone:(NSZone *)zone
{
  (void)zone;
  return _Block_copy(self);
}

- (id)copy
{
  return _Block_copy(self);
}

- (id)retain
{
  return _Block_copy(self);
}

- (oneway void)release
{
  _Block_release(self);
}

@end
