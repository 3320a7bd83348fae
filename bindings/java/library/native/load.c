/* What happens when the JVM loads the library: the one symbol that leaves it. */
#include "glue.h"

#define PACKAGE "io/github/osspresign/"
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Counts the changes of what crosses; Native.java has the same number. */
enum { GLUE_VERSION = 1 };

struct callback_ids callback_ids;

static jint JNICALL native_version(JNIEnv *env, jclass self)
{
  (void)env, (void)self;
  return GLUE_VERSION;
}

static const JNINativeMethod methods[] = {
    {"version", "()I", (void *)native_version},
    {"presign", "([B)[B", (void *)native_presign},
    {"inspect", "([B)[B", (void *)native_inspect},
    {"download", "([BJJL" PACKAGE "Callbacks;)[B", (void *)native_download},
    {"newClient", "([B)J", (void *)native_new_client},
    {"freeClient", "(J)V", (void *)native_free_client},
    {"newCancel", "()J", (void *)native_new_cancel},
    {"requestCancel", "(J)V", (void *)native_request_cancel},
    {"freeCancel", "(J)V", (void *)native_free_cancel},
};

static bool find_callbacks(JNIEnv *env)
{
  jclass class = (*env)->FindClass(env, PACKAGE "Callbacks");
  if (class == NULL)
    return false;
  const struct {
    jmethodID *id;
    const char *name;
    const char *signature;
  } wanted[] = {
      {&callback_ids.progress, "progress", "(JJJD)V"},
      {&callback_ids.write, "write", "([BI)V"},
      {&callback_ids.refresh, "refresh", "()[B"},
      {&callback_ids.content, "content", "([B)V"},
  };
  bool found = true;
  for (size_t i = 0; i < COUNT(wanted) && found; i++) {
    *wanted[i].id = (*env)->GetMethodID(env, class, wanted[i].name, wanted[i].signature);
    found = *wanted[i].id != NULL;
  }
  (*env)->DeleteLocalRef(env, class);
  return found;
}

static bool register_methods(JNIEnv *env)
{
  jclass class = (*env)->FindClass(env, PACKAGE "Native");
  if (class == NULL)
    return false;
  bool registered = (*env)->RegisterNatives(env, class, methods, COUNT(methods)) == JNI_OK;
  (*env)->DeleteLocalRef(env, class);
  return registered;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
  JNIEnv *env;
  (void)reserved;
  if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6) != JNI_OK)
    return JNI_ERR;
  /* The archive that was linked in may be another one than the header of this file says. */
  if (oss_presign_abi_version() != OSS_PRESIGN_ABI_VERSION)
    return JNI_ERR;
  return find_callbacks(env) && register_methods(env) ? JNI_VERSION_1_6 : JNI_ERR;
}
