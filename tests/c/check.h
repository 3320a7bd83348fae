/* Checks that count and go on, from any thread. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_NUMBER(actual, expected) \
  check_number((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)
/* The text starts so: for messages, of which only the name of the field is promised. */
#define CHECK_STARTS(actual, expected) \
  check_starts((actual), (expected), #actual, __FILE__, __LINE__)

void check_that(bool condition, const char *what, const char *file, int line);
void check_number(int64_t actual, int64_t expected, const char *what, const char *file, int line);
/* NULL equals only NULL. */
void check_text(const char *actual, const char *expected, const char *what, const char *file,
                int line);
void check_starts(const char *actual, const char *expected, const char *what, const char *file,
                  int line);

/* What is being checked, for the lines of failed checks of this thread; NULL: nothing in
 * particular. The text is borrowed. */
void check_case(const char *name);

/* How many checks have failed so far. */
int check_failures(void);

/* Runs body(0, context) ... body(count - 1, context), each on a thread of its own, together. */
void check_on_threads(int count, void (*body)(int number, void *context), void *context);

/* Checks that no thread and no descriptor is left of all that was done since the program started. */
void check_nothing_left(void);

/* Prints the sum; the exit code of main. */
int check_done(void);

#endif
