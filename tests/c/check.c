#include "check.h"

#ifdef __linux__
#include <dirent.h>
#include <unistd.h>
#endif
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 16 };

static atomic_int checks;
static atomic_int failures;
static _Thread_local const char *current_case;

static bool passed(bool condition, const char *file, int line)
{
  atomic_fetch_add(&checks, 1);
  if (!condition) {
    atomic_fetch_add(&failures, 1);
    fprintf(stderr, "%s:%d: ", file, line);
    if (current_case != NULL)
      fprintf(stderr, "[%s] ", current_case);
  }
  return condition;
}

static const char *shown(const char *text)
{
  return text == NULL ? "(NULL)" : text;
}

struct held {
  int threads;
  int descriptors;
};

#ifdef __linux__
static int entries(const char *path)
{
  int count = 0;
  DIR *folder = opendir(path);
  if (folder == NULL)
    abort();
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}

static struct held held_now(void)
{
  struct held held = {entries("/proc/self/task"), entries("/proc/self/fd")};
  return held;
}
#else
/* Other systems do not tell. */
static struct held held_now(void)
{
  struct held held = {0, 0};
  return held;
}
#endif

static struct held held_at_start;

/* Where the system lists the thread, if it does. */
static void *note_itself(void *place)
{
#ifdef __linux__
  ssize_t length = readlink("/proc/thread-self", (char *)place + 6, 57);
  if (length < 0)
    abort();
  ((char *)place)[6 + length] = '\0';
#endif
  return place;
}

/* Before main, and so before the library does anything. ThreadSanitizer keeps a thread of its own
 * from the first thread on: there has been one before the count. */
__attribute__((constructor)) static void count_at_start(void)
{
  pthread_t thread;
  char place[64] = "/proc/";
  if (pthread_create(&thread, NULL, note_itself, place) != 0 || pthread_join(thread, NULL) != 0)
    abort();
#ifdef __linux__
  /* A thread that was joined may be seen a little longer. */
  while (access(place, F_OK) == 0)
    sched_yield();
#endif
  held_at_start = held_now();
}

/* No thread and no descriptor is left. */
void check_nothing_left(void)
{
  struct held held = held_now();
  /* A thread that was joined may be seen a little longer. */
  for (int i = 0; i < 100000 && held.threads != held_at_start.threads; i++) {
    sched_yield();
    held = held_now();
  }
  CHECK_NUMBER(held.threads, held_at_start.threads);
  CHECK_NUMBER(held.descriptors, held_at_start.descriptors);
}

void check_that(bool condition, const char *what, const char *file, int line)
{
  if (!passed(condition, file, line))
    fprintf(stderr, "failed: %s\n", what);
}

void check_number(int64_t actual, int64_t expected, const char *what, const char *file, int line)
{
  if (!passed(actual == expected, file, line))
    fprintf(stderr, "%s is %" PRId64 ", not %" PRId64 "\n", what, actual, expected);
}

void check_text(const char *actual, const char *expected, const char *what, const char *file,
                int line)
{
  bool equal =
      actual == NULL || expected == NULL ? actual == expected : strcmp(actual, expected) == 0;
  if (!passed(equal, file, line))
    fprintf(stderr, "%s is\n  %s\nnot\n  %s\n", what, shown(actual), shown(expected));
}

void check_starts(const char *actual, const char *expected, const char *what, const char *file,
                  int line)
{
  bool starts = actual != NULL && strncmp(actual, expected, strlen(expected)) == 0;
  if (!passed(starts, file, line))
    fprintf(stderr, "%s is\n  %s\nand does not start with\n  %s\n", what, shown(actual), expected);
}

void check_case(const char *name)
{
  current_case = name;
}

int check_failures(void)
{
  return atomic_load(&failures);
}

struct job {
  void (*body)(int, void *);
  void *context;
  int number;
  atomic_bool *start;
};

static void *run(void *argument)
{
  struct job *job = argument;
  /* All at once, or the first would be done before the last begins. */
  while (!atomic_load(job->start))
    sched_yield();
  job->body(job->number, job->context);
  return NULL;
}

void check_on_threads(int count, void (*body)(int number, void *context), void *context)
{
  pthread_t threads[MAX_THREADS];
  struct job jobs[MAX_THREADS];
  atomic_bool start = false;
  if (count > MAX_THREADS)
    abort();
  for (int i = 0; i < count; i++) {
    jobs[i] = (struct job){body, context, i, &start};
    if (pthread_create(&threads[i], NULL, run, &jobs[i]) != 0)
      abort();
  }
  atomic_store(&start, true);
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
}

int check_done(void)
{
  int failed = atomic_load(&failures);
  int all = atomic_load(&checks);
  printf("%d checks, %d failed\n", all, failed);
  return failed == 0 && all > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
