// main CASES IDENTICAL REFUSED, run by with_emulator.py: all tests of the C++ wrapper.
#include "support.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
  if (argc != 4) {
    std::fputs("usage: main CASES IDENTICAL REFUSED\n", stderr);
    return EXIT_FAILURE;
  }
  test::test_values();
  test::test_urls();
  test::test_vectors(argv[1], std::atoi(argv[2]), std::atoi(argv[3]));
  test::test_downloads();
  test::test_targets();
  test::test_failures();
#if OSS_PRESIGN_EXCEPTIONS
  test::test_exceptions();
#endif
  test::test_threads();
  check_case("at the end");
  test::check_no_part_files();
  check_nothing_left();
  return check_done();
}
