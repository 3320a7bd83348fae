/* The parts of the abi test. */
#ifndef ABI_H
#define ABI_H

#include "check.h"
#include "oss_presign.h"

#include <stddef.h>

/* A field of an options struct that holds a text. */
struct text_field {
  const char *name;
  size_t offset;
  /* A text with control bytes is refused. */
  bool refuses_junk;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* Legal UTF-8 with bytes that no one-line text has; and no UTF-8 at all. */
#define JUNK "j\x01\t\r\n\x1b\x7f"
#define NOT_UTF8 "n\xff\xc0\xaf"
#define SECRET "canary-of-the-secret"

void set_text(void *options, size_t offset, const char *value);

/* Checks an outcome that is the caller's mistake: code, text that starts with the message, nothing
 * else; then frees it. */
void check_refused(oss_result *result, oss_code code, const char *message);

/* Presign options with every field set, and legal. */
oss_presign_options full_presign(void);
/* Download options with everything legal but the server: nobody is there. */
oss_download_options full_download(void);

void test_presign_options(void);
void test_download_options(void);
void test_handles(void);
void test_inspection(void);
void test_results(void);
void test_threads(void);

#endif
