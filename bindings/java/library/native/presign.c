#include "glue.h"

/* In the order in which Presigner and GetObjectPresignRequest write them. */
static void read_options(struct message *message, oss_presign_options *options)
{
  options->region = message_text(message);
  options->endpoint = message_text(message);
  options->cloud_box_id = message_text(message);
  options->addressing = (uint32_t)message_number(message);
  options->endpoint_kind = (uint32_t)message_number(message);
  options->flags = (uint32_t)message_number(message);

  options->access_key_id = message_text(message);
  options->access_key_secret = message_text(message);
  options->security_token = message_text(message);

  options->bucket = message_text(message);
  options->key = message_text(message);
  options->version_id = message_text(message);
  options->process = message_text(message);
  options->response_cache_control = message_text(message);
  options->response_content_disposition = message_text(message);
  options->response_content_encoding = message_text(message);
  options->response_content_language = message_text(message);
  options->response_content_type = message_text(message);
  options->response_expires = message_text(message);
  options->range_behavior = message_text(message);
  options->request_payer = message_text(message);
  options->traffic_limit = message_number(message);
  options->expires_in = message_number(message);
  options->expires_at = message_number(message);
  options->signing_time = message_number(message);
  options->query = message_pairs(message, &options->query_len);
  options->headers = message_pairs(message, &options->headers_len);
}

static jbyteArray reply_to(JNIEnv *env, const oss_result *result)
{
  struct reply reply = {0};
  if (reply_outcome(&reply, result)) {
    reply_text(&reply, oss_result_method(result));
    reply_text(&reply, oss_result_url(result));
    reply_number(&reply, oss_result_expires_at(result));
    reply_text(&reply, oss_result_canonical_request(result));
    reply_text(&reply, oss_result_string_to_sign(result));
    size_t count = oss_result_header_count(result);
    reply_number(&reply, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
      reply_text(&reply, oss_result_header_name(result, i));
      reply_text(&reply, oss_result_header_value(result, i));
    }
  }
  return reply_close(env, &reply);
}

jbyteArray JNICALL native_presign(JNIEnv *env, jclass self, jbyteArray arguments)
{
  struct message message;
  oss_presign_options options;
  jbyteArray reply = NULL;
  (void)self;
  if (!message_open(env, arguments, &message))
    return NULL;
  OSS_OPTIONS_INIT(&options);
  read_options(&message, &options);
  if (message_is_whole(env, &message)) {
    oss_result *result = oss_presign_get(&options);
    reply = reply_to(env, result);
    oss_result_free(result);
  }
  message_close(&message);
  return reply;
}
