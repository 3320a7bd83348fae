/* The two handles that Java holds: a client, owned by Downloader, and the switch of one download. */
#include "glue.h"

jlong JNICALL native_new_client(JNIEnv *env, jclass self, jbyteArray arguments)
{
  struct message message;
  oss_client_options options;
  oss_client *client = NULL;
  (void)self;
  if (!message_open(env, arguments, &message))
    return 0;
  OSS_OPTIONS_INIT(&options);
  /* In the order in which Downloader writes them. */
  options.connect_to = message_text(&message);
  options.ca_file = message_text(&message);
  options.proxy = message_text(&message);
  options.connect_timeout_ms = (int32_t)message_number(&message);
  options.idle_timeout_ms = (int32_t)message_number(&message);
  if (message_is_whole(env, &message))
    client = oss_client_new(&options);
  message_close(&message);
  return (jlong)(intptr_t)client;
}

void JNICALL native_free_client(JNIEnv *env, jclass self, jlong client)
{
  (void)env, (void)self;
  oss_client_free((oss_client *)(intptr_t)client);
}

jlong JNICALL native_new_cancel(JNIEnv *env, jclass self)
{
  (void)env, (void)self;
  return (jlong)(intptr_t)oss_cancel_new();
}

void JNICALL native_request_cancel(JNIEnv *env, jclass self, jlong cancel)
{
  (void)env, (void)self;
  oss_cancel_request((const oss_cancel *)(intptr_t)cancel);
}

void JNICALL native_free_cancel(JNIEnv *env, jclass self, jlong cancel)
{
  (void)env, (void)self;
  oss_cancel_free((oss_cancel *)(intptr_t)cancel);
}
