// The same sources are compiled with ARC and with manual reference counting. Properties, -copy and
// -init... mean the same in both; what differs is here.
#if __has_feature(objc_arc)
#define OSP_RETAIN(object) (object)
#define OSP_RELEASE(object) ((void)0)
#define OSP_AUTORELEASE(object) (object)
#define OSP_SUPER_DEALLOC() ((void)0)
// Keeps a local object until the end of its scope: ARC does not see who still uses what it owns.
#define OSP_KEPT __attribute__((objc_precise_lifetime))
#else
#define OSP_RETAIN(object) [(object) retain]
#define OSP_RELEASE(object) [(object) release]
#define OSP_AUTORELEASE(object) [(object) autorelease]
#define OSP_SUPER_DEALLOC() [super dealloc]
#define OSP_KEPT
#endif
