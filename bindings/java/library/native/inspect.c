#include "glue.h"

static jbyteArray reply_to(JNIEnv *env, const oss_result *result)
{
  struct reply reply = {0};
  if (reply_outcome(&reply, result)) {
    reply_number(&reply, oss_result_url_style(result));
    reply_number(&reply, oss_result_url_flags(result));
    reply_number(&reply, oss_result_signed_at(result));
    reply_number(&reply, oss_result_expires_at(result));
    reply_text(&reply, oss_result_version_id(result));
    reply_text(&reply, oss_result_redacted_url(result));
    size_t headers = oss_result_header_count(result);
    reply_number(&reply, (int64_t)headers);
    for (size_t i = 0; i < headers; i++)
      reply_text(&reply, oss_result_header_name(result, i));
    size_t problems = oss_result_problem_count(result);
    reply_number(&reply, (int64_t)problems);
    for (size_t i = 0; i < problems; i++) {
      reply_number(&reply, oss_result_problem(result, i));
      reply_number(&reply, oss_result_problem_is_error(result, i));
      reply_text(&reply, oss_result_problem_message(result, i));
    }
  }
  return reply_close(env, &reply);
}

jbyteArray JNICALL native_inspect(JNIEnv *env, jclass self, jbyteArray arguments)
{
  struct message message;
  jbyteArray reply = NULL;
  (void)self;
  if (!message_open(env, arguments, &message))
    return NULL;
  const char *url = message_text(&message);
  int64_t now = message_number(&message);
  if (message_is_whole(env, &message)) {
    oss_result *result = oss_url_inspect(url, now);
    reply = reply_to(env, result);
    oss_result_free(result);
  }
  message_close(&message);
  return reply;
}
