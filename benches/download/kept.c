/* Downloads the same small object many times with one libcurl handle, each time into a file of its
   own that is then renamed over the target. Prints the seconds it took. */

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static size_t write_all(char *bytes, size_t size, size_t count, void *file)
{
  ssize_t written = write(*(int *)file, bytes, size * count);
  return written < 0 ? 0 : (size_t)written;
}

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
  if (argc != 4)
    return 2;
  const char *url = argv[1], *target = argv[2];
  char part[4096];
  snprintf(part, sizeof part, "%s.part", target);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL *curl = curl_easy_init();
  if (!curl)
    return 1;
  double start = now();
  for (long i = 0; i < atol(argv[3]); i++) {
    int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
      return 1;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_all);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &file);
    if (curl_easy_perform(curl) != CURLE_OK)
      return 1;
    if (close(file) != 0 || rename(part, target) != 0)
      return 1;
  }
  printf("%f\n", now() - start);
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return 0;
}
