// What older and other Foundations than Apple's lack.
#import <Foundation/Foundation.h>

#ifndef NS_ERROR_ENUM
#define NS_ERROR_ENUM(domain, name) NS_ENUM(NSInteger, name)
#endif
#ifndef NS_SWIFT_NAME
#define NS_SWIFT_NAME(name)
#endif
#ifndef NS_SWIFT_SENDABLE
#define NS_SWIFT_SENDABLE
#endif

/// Marks an inherited initialiser that would leave something required out.
#define OSP_UNAVAILABLE __attribute__((unavailable("Use the designated initializer.")))
