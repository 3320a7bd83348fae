/* Downloads an object by presigned URL, with a progress bar. Every header that was signed must be
 * given. Ctrl-C cancels; the next run goes on from there. */
#define _POSIX_C_SOURCE 200809L
#include <oss_presign.h>

#include <inttypes.h>
#ifndef _WIN32
#include <pthread.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_HEADERS = 16, BAR_WIDTH = 40 };

static void usage(void)
{
  fputs(
      "usage: download URL PATH [--header NAME=VALUE]... [--ca-file FILE]\n"
      "                [--connect-to HOST:PORT]\n",
      stderr);
  exit(2);
}

/* Called on this thread, about ten times a second; anything but 0 would cancel. */
static int32_t show_progress(void *context, const oss_progress *progress)
{
  (void)context;
  if (progress->bytes_total == UINT64_MAX || progress->bytes_total == 0) {
    fprintf(stderr, "\r%" PRIu64 " bytes", progress->bytes_done);
    return 0;
  }
  double part = (double)progress->bytes_done / (double)progress->bytes_total;
  fprintf(stderr, "\r[");
  for (int i = 0; i < BAR_WIDTH; i++)
    fputc(i < (int)(part * BAR_WIDTH) ? '#' : ' ', stderr);
  fprintf(stderr, "] %3d%%", (int)(part * 100));
  return 0;
}

/* Used until the program ends, so never freed. */
static oss_cancel *cancel;

#ifdef _WIN32
/* Runs on a thread of its own. */
static void on_interrupt(int number)
{
  (void)number;
  oss_cancel_request(cancel);
}

static void cancel_on_interrupt(void)
{
  signal(SIGINT, on_interrupt);
}
#else
/* A signal handler may not call oss_cancel_request; a thread that waits for the signal may. */
static void *wait_for_interrupt(void *interrupt)
{
  int number;
  sigwait(interrupt, &number);
  oss_cancel_request(cancel);
  return NULL;
}

static void cancel_on_interrupt(void)
{
  static sigset_t interrupt;
  pthread_t thread;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  /* Blocked here, and in every thread that starts from now on. */
  pthread_sigmask(SIG_BLOCK, &interrupt, NULL);
  if (pthread_create(&thread, NULL, wait_for_interrupt, &interrupt) == 0)
    pthread_detach(thread);
  else
    pthread_sigmask(SIG_UNBLOCK, &interrupt, NULL);
}
#endif

static const char *verified(const oss_result *file)
{
  switch (oss_result_verified(file)) {
  case OSS_VERIFIED_CRC64:
    return "CRC-64 of the service";
  case OSS_VERIFIED_LENGTH:
    return "length";
  default:
    return "nothing";
  }
}

int main(int argc, char **argv)
{
  oss_pair headers[MAX_HEADERS];
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  if (argc < 3)
    usage();
  options.url = argv[1];
  options.path = argv[2];
  options.headers = headers;
  options.progress = show_progress;
  options.flags = OSS_DOWNLOAD_RESUME;

  for (int i = 3; i < argc; i += 2) {
    char *value = argv[i + 1];
    char *equals = value == NULL ? NULL : strchr(value, '=');
    if (value != NULL && strcmp(argv[i], "--ca-file") == 0) {
      options.ca_file = value;
    } else if (value != NULL && strcmp(argv[i], "--connect-to") == 0) {
      options.connect_to = value;
    } else if (equals != NULL && strcmp(argv[i], "--header") == 0 &&
               options.headers_len < MAX_HEADERS) {
      *equals = '\0';
      headers[options.headers_len++] = (oss_pair){value, equals + 1};
    } else {
      usage();
    }
  }

  cancel = oss_cancel_new();
  options.cancel = cancel;
  cancel_on_interrupt();
  oss_result *file = oss_download(&options);
  fputc('\n', stderr);
  oss_code code = oss_result_code(file);
  if (code == OSS_OK) {
    printf("%" PRIu64 " bytes, %" PRIu64 " of them from before, crc64 %" PRIu64 ", verified: %s\n",
           oss_result_bytes(file), oss_result_resumed(file), oss_result_crc64(file),
           verified(file));
  } else if (code == OSS_E_CANCELLED) {
    fputs("cancelled; the same command goes on from here\n", stderr);
  } else {
    fprintf(stderr, "download: %s: %s\n", oss_code_name(code), oss_result_message(file));
    if (oss_result_request_id(file)[0] != '\0')
      fprintf(stderr, "request id %s, EC %s\n", oss_result_request_id(file), oss_result_ec(file));
  }
  oss_result_free(file);
  return code == OSS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
