/* Glue between the Java classes and the C ABI.
 *
 * Arguments and results cross as one byte array each, written and read field by field in the same
 * order on both sides (MessageWriter.java, MessageReader.java; message.c):
 *   number   8 bytes in the machine's order
 *   text     one byte: 0 when absent, else 1 and NUL-terminated UTF-8
 *   pairs    a number, then a name and a value that many times
 * So no String is converted here (JNI's own are modified UTF-8, in which no emoji is itself), and a
 * call costs one local reference. */
#ifndef OSS_PRESIGN_GLUE_H
#define OSS_PRESIGN_GLUE_H

#include <oss_presign.h>

#include <jni.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What arrived from Java; everything read from it lives until message_close. */
struct message {
  unsigned char *start;
  size_t length;
  size_t at;
  oss_pair *pairs[2];
  bool broken;
};

/* False, with a Java exception pending, when memory ran out. */
bool message_open(JNIEnv *env, jbyteArray array, struct message *message);
int64_t message_number(struct message *message);
const char *message_text(struct message *message);
const void *message_bytes(struct message *message, size_t length);
const oss_pair *message_pairs(struct message *message, size_t *count);
/* Whether all of it was read, and no more; else a Java exception is pending. */
bool message_is_whole(JNIEnv *env, const struct message *message);
/* Wipes: there are secrets and signatures in it. */
void message_close(struct message *message);

/* What goes back to Java. */
struct reply {
  unsigned char *start;
  size_t length;
  size_t capacity;
  bool failed;
};

void reply_number(struct reply *reply, int64_t value);
void reply_text(struct reply *reply, const char *text);
/* The code; and when it is an error, all that is known of it. True when the call succeeded. */
bool reply_outcome(struct reply *reply, const oss_result *result);
void reply_drop(struct reply *reply);
/* Drops the reply too. NULL, with a Java exception pending, when memory ran out. */
jbyteArray reply_close(JNIEnv *env, struct reply *reply);

void throw_out_of_memory(JNIEnv *env);

/* Java methods that are called from here; looked up once. */
struct callback_ids {
  jmethodID progress;
  jmethodID write;
  jmethodID refresh;
  jmethodID content;
};
extern struct callback_ids callback_ids;

jbyteArray JNICALL native_presign(JNIEnv *env, jclass self, jbyteArray arguments);
jbyteArray JNICALL native_inspect(JNIEnv *env, jclass self, jbyteArray arguments);
jbyteArray JNICALL native_download(JNIEnv *env, jclass self, jbyteArray arguments, jlong client,
                                   jlong cancel, jobject object);
jlong JNICALL native_new_client(JNIEnv *env, jclass self, jbyteArray arguments);
void JNICALL native_free_client(JNIEnv *env, jclass self, jlong client);
jlong JNICALL native_new_cancel(JNIEnv *env, jclass self);
void JNICALL native_request_cancel(JNIEnv *env, jclass self, jlong cancel);
void JNICALL native_free_cancel(JNIEnv *env, jclass self, jlong cancel);

#endif
