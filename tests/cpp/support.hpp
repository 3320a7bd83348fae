// What the tests of the C++ wrapper share: checks, files, the emulator's objects.
#ifndef SUPPORT_HPP
#define SUPPORT_HPP

#include <oss_presign/oss_presign.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

extern "C" {
#include "../c/check.h"
}

#define CHECK_SAME(actual, expected) \
  test::check_same((actual), (expected), #actual, __FILE__, __LINE__)

namespace test {

namespace fs = std::filesystem;

constexpr const char* object = "dir/object.bin";

void check_same(std::string_view actual, std::string_view expected, const char* what,
                const char* file, int line);

/// An environment variable of with_emulator.py; ends the program if it is not there.
std::string env(const char* name);
fs::path in_folder(std::string_view name);

std::string read_file(const fs::path& path);
void write_file(const fs::path& path, std::string_view content);
/// No download has left anything behind.
void check_no_part_files();

/// CRC-64/XZ, bit by bit: slow, and right.
std::uint64_t crc64_of(std::string_view bytes);

/// The text fields of presign_options, with their names in C.
struct text_field {
  const char* name;
  oss::text oss::presign_options::*field;
};
extern const text_field presign_texts[18];

/// Options for an object in the emulator, path style.
oss::presign_options presign_options(std::string_view key);
/// Presigns what must work.
oss::presigned_url presign(const oss::presign_options& options);
/// Options with the URL and the headers that were signed.
oss::download_options options_for(const oss::presigned_url& url);
/// The same for an object of the emulator.
oss::download_options options_for(std::string_view key);

/// The error is that of C for a wrong argument, with this message.
void check_invalid(const oss::error& error, const std::string& message);

void check_downloaded(const oss::result<oss::downloaded>& file, const fs::path& path,
                      const fs::path& expected);
/// Checks code and message, and that no secret is in any text.
void check_failed(const oss::result<oss::downloaded>& file, oss_code code);
/// Downloads to a target that is there, which must stay, and fails.
oss::error fail_over_old(oss::download_options options, oss_code code);

void test_values();
void test_urls();
void test_vectors(const char* cases, int identical, int refused);
void test_downloads();
void test_targets();
void test_failures();
void test_exceptions();
void test_threads();

}  // namespace test

#endif
