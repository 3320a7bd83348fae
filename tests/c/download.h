/* Tools of the download test: the emulator's objects, presigning them, comparing files. */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "check.h"
#include "oss_presign.h"

#include <stddef.h>

struct bytes {
  unsigned char *data;
  size_t len;
};

/* An environment variable of with_emulator.py; ends the program if it is not there. */
const char *env(const char *name);

/* FOLDER/name; the text lives until the thread asks for the next but three. */
const char *in_folder(const char *name);

struct bytes read_file(const char *path);
void write_file(const char *path, const char *text);
void remove_file(const char *path);
void check_file_equals(const char *path, const char *expected_path);
void check_file_is(const char *path, const char *text);
void check_no_file(const char *path);
/* No download has left anything behind. */
void check_no_part_files(void);

/* CRC-64/XZ, bit by bit: slow, and right. */
uint64_t crc64_of(struct bytes bytes);

/* Options for an object in the emulator, path style. */
oss_presign_options presign_options(const char *key);
/* Presigns; on failure the result is NULL and a check has failed. */
oss_result *presign(const oss_presign_options *options);

/* Downloads with the headers that were signed, and the options given but url and headers. */
oss_result *download_with(const oss_result *presigned, oss_download_options options);
/* The same with no more than a path. */
oss_result *download_to(const oss_result *presigned, const char *path);

/* Checks code and message, and that no secret is in any text; then frees the result. */
void check_failed(oss_result *result, oss_code code);

/* Of download_targets.c: memory, callbacks, ranges, clients, switches. */
void test_all_targets(void);

/* Of download_fail.c: downloads that must not succeed. */
void test_failures(void);

#endif
