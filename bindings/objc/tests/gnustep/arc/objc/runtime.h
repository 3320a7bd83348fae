// What GNUstep's headers need of a runtime's header, without the part of GCC's that ARC does not take.
// For compiling only.
#ifndef OBJC_RUNTIME_H
#define OBJC_RUNTIME_H

#include <objc/objc.h>

typedef struct objc_method *Method;
typedef struct objc_ivar *Ivar;

Class object_getClass(id object);

#endif
