#include "glue.h"

/* What a chunk is cut into on its way to OutputStream.write. */
enum { BUFFER_LENGTH = 16 * 1024 };

/* Bits that DownloadRequest writes: which callbacks there are. */
enum { HAS_PROGRESS = 1, HAS_WRITE = 2, HAS_REFRESH = 4 };

/* The C ABI calls back on the thread that called it, so its JNIEnv is good for all of them. */
struct callbacks {
  JNIEnv *env;
  jobject object;
  /* Made at the first write, and used for all of them. */
  jbyteArray buffer;
  /* A Java exception is pending: no further call into Java. */
  bool thrown;
};

static int32_t go_on(struct callbacks *callbacks)
{
  callbacks->thrown = (*callbacks->env)->ExceptionCheck(callbacks->env);
  return callbacks->thrown ? -1 : 0;
}

static int32_t on_progress(void *context, const oss_progress *progress)
{
  struct callbacks *callbacks = context;
  if (callbacks->thrown)
    return -1;
  JNIEnv *env = callbacks->env;
  (*env)->CallVoidMethod(env, callbacks->object, callback_ids.progress, (jlong)progress->bytes_done,
                         (jlong)progress->bytes_total, (jlong)progress->bytes_resumed,
                         (jdouble)progress->bytes_per_second);
  return go_on(callbacks);
}

static int32_t on_write(void *context, const uint8_t *data, size_t length)
{
  struct callbacks *callbacks = context;
  if (callbacks->thrown)
    return -1;
  JNIEnv *env = callbacks->env;
  if (callbacks->buffer == NULL)
    callbacks->buffer = (*env)->NewByteArray(env, BUFFER_LENGTH);
  if (callbacks->buffer == NULL)
    return go_on(callbacks);
  int32_t status = 0;
  while (length > 0 && status == 0) {
    jsize part = length < BUFFER_LENGTH ? (jsize)length : BUFFER_LENGTH;
    (*env)->SetByteArrayRegion(env, callbacks->buffer, 0, part, (const jbyte *)data);
    (*env)->CallVoidMethod(env, callbacks->object, callback_ids.write, callbacks->buffer, part);
    status = go_on(callbacks);
    data += part;
    length -= (size_t)part;
  }
  return status;
}

static int32_t on_refresh(void *context, oss_link *link)
{
  struct callbacks *callbacks = context;
  if (callbacks->thrown)
    return -1;
  JNIEnv *env = callbacks->env;
  jbyteArray fresh = (*env)->CallObjectMethod(env, callbacks->object, callback_ids.refresh);
  if (go_on(callbacks) != 0 || fresh == NULL)
    return -1;
  struct message message;
  int32_t status = -1;
  if (message_open(env, fresh, &message)) {
    size_t count;
    const char *url = message_text(&message);
    const oss_pair *headers = message_pairs(&message, &count);
    if (message_is_whole(env, &message))
      status = oss_link_set(link, url, headers, count);
    message_close(&message);
  }
  (*env)->DeleteLocalRef(env, fresh);
  return go_on(callbacks) == 0 ? status : -1;
}

/* Values that the options point to. */
struct expected {
  uint64_t size;
  uint64_t crc64;
};

static const uint64_t *optional_number(struct message *message, uint64_t *number)
{
  const unsigned char *present = message_bytes(message, 1);
  if (present == NULL || *present == 0)
    return NULL;
  *number = (uint64_t)message_number(message);
  return number;
}

static const uint8_t *optional_bytes(struct message *message, size_t length)
{
  const unsigned char *present = message_bytes(message, 1);
  return present == NULL || *present == 0 ? NULL : message_bytes(message, length);
}

/* In the order in which DownloadRequest writes them. */
static void read_options(struct message *message, oss_download_options *options,
                         struct expected *expected)
{
  options->url = message_text(message);
  options->headers = message_pairs(message, &options->headers_len);
  options->path = message_text(message);
  options->memory_limit = (uint64_t)message_number(message);
  options->range_offset = (uint64_t)message_number(message);
  options->range_length = (uint64_t)message_number(message);
  options->expected_size = optional_number(message, &expected->size);
  options->expected_crc64 = optional_number(message, &expected->crc64);
  options->expected_sha256 = optional_bytes(message, 32);
  options->expected_md5 = optional_bytes(message, 16);
  options->max_bytes = (uint64_t)message_number(message);
  options->rate_limit = (uint64_t)message_number(message);
  options->part_size = (uint64_t)message_number(message);
  options->connections = (uint32_t)message_number(message);
  options->retries = (int32_t)message_number(message);
  options->retry_budget_ms = (int32_t)message_number(message);
  options->total_timeout_ms = (int32_t)message_number(message);
  options->progress_interval_ms = (int32_t)message_number(message);
  options->flags = (uint32_t)message_number(message);
}

static void set_callbacks(oss_download_options *options, struct callbacks *callbacks, int64_t bits)
{
  if (bits & HAS_PROGRESS) {
    options->progress = on_progress;
    options->progress_context = callbacks;
  }
  if (bits & HAS_WRITE) {
    options->write = on_write;
    options->write_context = callbacks;
  }
  if (bits & HAS_REFRESH) {
    options->refresh = on_refresh;
    options->refresh_context = callbacks;
  }
}

/* False with a Java exception pending. */
static bool give_content(struct callbacks *callbacks, const oss_result *result)
{
  JNIEnv *env = callbacks->env;
  /* DownloadRequest allows no limit above this. */
  jsize length = (jsize)oss_result_bytes(result);
  jbyteArray content = (*env)->NewByteArray(env, length);
  if (content == NULL)
    return false;
  if (length > 0)
    (*env)->SetByteArrayRegion(env, content, 0, length, (const jbyte *)oss_result_content(result));
  (*env)->CallVoidMethod(env, callbacks->object, callback_ids.content, content);
  (*env)->DeleteLocalRef(env, content);
  return go_on(callbacks) == 0;
}

static jbyteArray reply_to(struct callbacks *callbacks, const oss_result *result, bool to_memory)
{
  struct reply reply = {0};
  if (callbacks->thrown)
    return NULL;
  if (reply_outcome(&reply, result)) {
    reply_number(&reply, (int64_t)oss_result_bytes(result));
    reply_number(&reply, (int64_t)oss_result_object_size(result));
    reply_number(&reply, (int64_t)oss_result_resumed(result));
    reply_number(&reply, oss_result_retries(result));
    reply_number(&reply, oss_result_refreshes(result));
    reply_number(&reply, oss_result_http_status(result));
    reply_number(&reply, (int64_t)oss_result_crc64(result));
    reply_number(&reply, oss_result_verified(result));
    reply_text(&reply, oss_result_etag(result));
    reply_text(&reply, oss_result_version_id(result));
    reply_text(&reply, oss_result_request_id(result));
    if (to_memory && !give_content(callbacks, result)) {
      reply_drop(&reply);
      return NULL;
    }
  }
  return reply_close(callbacks->env, &reply);
}

jbyteArray JNICALL native_download(JNIEnv *env, jclass self, jbyteArray arguments, jlong client,
                                   jlong cancel, jobject object)
{
  struct message message;
  struct expected expected;
  struct callbacks callbacks = {env, object, NULL, false};
  oss_download_options options;
  jbyteArray reply = NULL;
  (void)self;
  if (!message_open(env, arguments, &message))
    return NULL;
  OSS_OPTIONS_INIT(&options);
  read_options(&message, &options, &expected);
  set_callbacks(&options, &callbacks, message_number(&message));
  options.client = (const oss_client *)(intptr_t)client;
  options.cancel = (const oss_cancel *)(intptr_t)cancel;
  if (message_is_whole(env, &message)) {
    oss_result *result = oss_download(&options);
    reply = reply_to(&callbacks, result, options.memory_limit > 0);
    oss_result_free(result);
  }
  message_close(&message);
  return reply;
}
