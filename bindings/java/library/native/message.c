/* What crosses between Java and C; see glue.h. */
#include "glue.h"

#include <stdlib.h>
#include <string.h>

void throw_out_of_memory(JNIEnv *env)
{
  jclass class = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
  if (class == NULL)
    return;
  (*env)->ThrowNew(env, class, "no native memory");
  (*env)->DeleteLocalRef(env, class);
}

bool message_open(JNIEnv *env, jbyteArray array, struct message *message)
{
  jsize length = (*env)->GetArrayLength(env, array);
  memset(message, 0, sizeof *message);
  message->start = malloc((size_t)length + 1);
  if (message->start == NULL) {
    throw_out_of_memory(env);
    return false;
  }
  message->length = (size_t)length;
  (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *)message->start);
  return true;
}

const void *message_bytes(struct message *message, size_t length)
{
  if (message->broken || message->length - message->at < length) {
    message->broken = true;
    return NULL;
  }
  const void *bytes = message->start + message->at;
  message->at += length;
  return bytes;
}

int64_t message_number(struct message *message)
{
  int64_t number = 0;
  const void *bytes = message_bytes(message, sizeof number);
  if (bytes != NULL)
    memcpy(&number, bytes, sizeof number);
  return number;
}

const char *message_text(struct message *message)
{
  const unsigned char *present = message_bytes(message, 1);
  if (present == NULL || *present == 0)
    return NULL;
  const char *text = (const char *)message->start + message->at;
  const char *end = memchr(text, '\0', message->length - message->at);
  if (end == NULL) {
    message->broken = true;
    return NULL;
  }
  message->at += (size_t)(end - text) + 1;
  return text;
}

const oss_pair *message_pairs(struct message *message, size_t *count)
{
  int64_t stated = message_number(message);
  *count = 0;
  if (stated == 0)
    return NULL;
  /* Each name and each value takes a byte at least. */
  if (stated < 0 || (uint64_t)stated > message->length) {
    message->broken = true;
    return NULL;
  }
  oss_pair *pairs = calloc((size_t)stated, sizeof *pairs);
  if (pairs == NULL) {
    message->broken = true;
    return NULL;
  }
  message->pairs[message->pairs[0] == NULL ? 0 : 1] = pairs;
  for (int64_t i = 0; i < stated; i++) {
    pairs[i].name = message_text(message);
    pairs[i].value = message_text(message);
  }
  *count = (size_t)stated;
  return pairs;
}

bool message_is_whole(JNIEnv *env, const struct message *message)
{
  if (!message->broken && message->at == message->length)
    return true;
  jclass class = (*env)->FindClass(env, "java/lang/IllegalStateException");
  if (class != NULL) {
    (*env)->ThrowNew(env, class, "the classes and the native library of oss-presign do not match");
    (*env)->DeleteLocalRef(env, class);
  }
  return false;
}

void message_close(struct message *message)
{
  /* volatile, because a compiler drops a memset before free. */
  volatile unsigned char *bytes = message->start;
  for (size_t i = 0; i < message->length; i++)
    bytes[i] = 0;
  free(message->start);
  free(message->pairs[0]);
  free(message->pairs[1]);
}

static void append(struct reply *reply, const void *bytes, size_t length)
{
  if (reply->failed)
    return;
  if (reply->capacity - reply->length < length) {
    size_t capacity = 2 * reply->capacity + length + 1024;
    unsigned char *grown = realloc(reply->start, capacity);
    if (grown == NULL) {
      reply->failed = true;
      return;
    }
    reply->start = grown;
    reply->capacity = capacity;
  }
  memcpy(reply->start + reply->length, bytes, length);
  reply->length += length;
}

void reply_number(struct reply *reply, int64_t value)
{
  append(reply, &value, sizeof value);
}

void reply_text(struct reply *reply, const char *text)
{
  append(reply, text == NULL ? "\0" : "\1", 1);
  if (text != NULL)
    append(reply, text, strlen(text) + 1);
}

bool reply_outcome(struct reply *reply, const oss_result *result)
{
  oss_code code = oss_result_code(result);
  reply_number(reply, code);
  if (code == OSS_OK)
    return true;
  reply_text(reply, oss_result_message(result));
  reply_number(reply, oss_result_phase(result));
  reply_number(reply, oss_result_retryable(result));
  reply_number(reply, oss_result_http_status(result));
  reply_number(reply, oss_result_os_error(result));
  reply_text(reply, oss_result_server_code(result));
  reply_text(reply, oss_result_server_message(result));
  reply_text(reply, oss_result_request_id(result));
  reply_text(reply, oss_result_host_id(result));
  reply_text(reply, oss_result_ec(result));
  return false;
}

void reply_drop(struct reply *reply)
{
  free(reply->start);
}

jbyteArray reply_close(JNIEnv *env, struct reply *reply)
{
  jbyteArray array = NULL;
  if (reply->failed || reply->length > INT32_MAX)
    throw_out_of_memory(env);
  else
    array = (*env)->NewByteArray(env, (jsize)reply->length);
  if (array != NULL)
    (*env)->SetByteArrayRegion(env, array, 0, (jsize)reply->length, (const jbyte *)reply->start);
  reply_drop(reply);
  return array;
}
