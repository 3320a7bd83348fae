#include "download.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *env(const char *name)
{
  const char *value = getenv(name);
  if (value == NULL) {
    fprintf(stderr, "%s is not set: run this by with_emulator.py\n", name);
    exit(EXIT_FAILURE);
  }
  return value;
}

const char *in_folder(const char *name)
{
  static _Thread_local char paths[4][1024];
  static _Thread_local unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", env("OSS_TEST_FOLDER"), name);
  return path;
}

struct bytes read_file(const char *path)
{
  struct bytes bytes = {NULL, 0};
  FILE *file = fopen(path, "rb");
  size_t capacity = 4096;
  size_t got;
  if (file == NULL)
    return bytes;
  bytes.data = malloc(capacity);
  while (bytes.data != NULL &&
         (got = fread(bytes.data + bytes.len, 1, capacity - bytes.len, file)) > 0) {
    bytes.len += got;
    if (bytes.len == capacity)
      bytes.data = realloc(bytes.data, capacity *= 2);
  }
  fclose(file);
  if (bytes.data == NULL)
    abort();
  return bytes;
}

void write_file(const char *path, const char *text)
{
  FILE *file = fopen(path, "wb");
  if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
    perror(path);
    exit(EXIT_FAILURE);
  }
}

void remove_file(const char *path)
{
  if (remove(path) != 0 && errno != ENOENT)
    perror(path);
}

static void check_file_holds(const char *path, const void *data, size_t len)
{
  struct bytes actual = read_file(path);
  CHECK_NUMBER(actual.len, len);
  CHECK(actual.data != NULL && actual.len == len &&
        (len == 0 || memcmp(actual.data, data, len) == 0));
  free(actual.data);
}

void check_file_equals(const char *path, const char *expected_path)
{
  struct bytes expected = read_file(expected_path);
  CHECK(expected.len > 0);
  check_file_holds(path, expected.data, expected.len);
  free(expected.data);
}

void check_file_is(const char *path, const char *text)
{
  check_file_holds(path, text, strlen(text));
}

void check_no_file(const char *path)
{
  CHECK(access(path, F_OK) != 0 && errno == ENOENT);
}

void check_no_part_files(void)
{
  DIR *folder = opendir(env("OSS_TEST_FOLDER"));
  CHECK(folder != NULL);
  if (folder == NULL)
    return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    CHECK(strstr(entry->d_name, ".part") == NULL);
  closedir(folder);
}

uint64_t crc64_of(struct bytes bytes)
{
  uint64_t crc = UINT64_MAX;
  for (size_t i = 0; i < bytes.len; i++) {
    crc ^= bytes.data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ (crc & 1 ? 0xC96C5795D7870F42u : 0);
  }
  return ~crc;
}

oss_presign_options presign_options(const char *key)
{
  oss_presign_options options;
  OSS_OPTIONS_INIT(&options);
  options.region = "cn-hangzhou";
  options.bucket = env("OSS_TEST_BUCKET");
  options.key = key;
  options.endpoint = env("OSS_TEST_ENDPOINT");
  options.addressing = OSS_ADDRESSING_PATH;
  options.access_key_id = env("OSS_ACCESS_KEY_ID");
  options.access_key_secret = env("OSS_ACCESS_KEY_SECRET");
  return options;
}

oss_result *presign(const oss_presign_options *options)
{
  oss_result *result = oss_presign_get(options);
  CHECK_TEXT(oss_result_message(result), "");
  if (oss_result_code(result) == OSS_OK)
    return result;
  oss_result_free(result);
  return NULL;
}

oss_result *download_with(const oss_result *presigned, oss_download_options options)
{
  oss_pair headers[16];
  size_t count = oss_result_header_count(presigned);
  CHECK(count <= sizeof headers / sizeof *headers);
  for (size_t i = 0; i < count; i++)
    headers[i] =
        (oss_pair){oss_result_header_name(presigned, i), oss_result_header_value(presigned, i)};
  options.url = oss_result_url(presigned);
  options.headers = headers;
  options.headers_len = count;
  return oss_download(&options);
}

oss_result *download_to(const oss_result *presigned, const char *path)
{
  oss_download_options options;
  OSS_OPTIONS_INIT(&options);
  options.path = path;
  return download_with(presigned, options);
}

void check_failed(oss_result *result, oss_code code)
{
  const char *texts[] = {
      oss_result_message(result),        oss_result_server_code(result),
      oss_result_server_message(result), oss_result_request_id(result),
      oss_result_host_id(result),        oss_result_ec(result),
  };
  CHECK_TEXT(oss_code_name((int32_t)oss_result_code(result)), oss_code_name((int32_t)code));
  CHECK(oss_result_message(result)[0] != '\0');
  CHECK(oss_result_phase(result) != OSS_PHASE_DONE);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    CHECK(strstr(texts[i], env("OSS_ACCESS_KEY_SECRET")) == NULL);
    CHECK(strstr(texts[i], "x-oss-") == NULL);
  }
  CHECK_NUMBER(oss_result_bytes(result), 0);
  CHECK_NUMBER(oss_result_verified(result), OSS_VERIFIED_NOTHING);
  oss_result_free(result);
}
