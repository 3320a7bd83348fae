// Keeps our numbers those of the C library. In a switch over a C enum, OSP_SAME turns its value into
// ours, and does not compile where the two differ; nor does a value without a case (-Wswitch).
#define OSP_ASSERT_SAME(ours, theirs) \
  _Static_assert((int)(ours) == (int)(theirs), #ours " is not " #theirs)
#define OSP_SAME(ours, theirs)     \
  case theirs: {                   \
    OSP_ASSERT_SAME(ours, theirs); \
    return ours;                   \
  }

#pragma clang diagnostic error "-Wswitch"
