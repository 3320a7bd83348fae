// Exceptions of callables: they come out of the download, as they were thrown, and nothing is left.
#include "support.hpp"

#if OSS_PRESIGN_EXCEPTIONS

#include <streambuf>

namespace test {
namespace {

struct thrown {
  int number;
};

/// Downloads over a file that is there; what it throws must be thrown{number}, whole, and the file
/// must stay.
template <class Download>
void check_throws(const Download& download, int number)
{
  const fs::path path = in_folder("old-target");
  write_file(path, "old content");
  int caught = 0;
  try {
    (void)download();
  } catch (const thrown& exception) {
    caught = exception.number;
  }
  CHECK_NUMBER(caught, number);
  CHECK_SAME(read_file(path), "old content");
  check_no_part_files();
}

oss::download_options over_old(const char* key)
{
  auto options = options_for(key);
  options.path = in_folder("old-target");
  return options;
}

void test_progress()
{
  for (const char* key : {"slow.bin", object}) {
    check_case(key);
    int calls = 0;
    auto options = over_old(key);
    options.progress = [&calls](const oss::progress&) -> bool {
      calls++;
      throw thrown{17};
    };
    check_throws([&] { return oss::download(options); }, 17);
    CHECK_NUMBER(calls, 1);
    check_throws([&] { return oss::download_async(options).get(); }, 17);
  }
}

void test_write()
{
  check_case("write");
  int calls = 0;
  int reports = 0;
  auto options = options_for(object);
  options.progress_interval = std::chrono::milliseconds(-1);
  options.write = [&calls](std::string_view) -> bool {
    calls++;
    throw thrown{18};
  };
  options.progress = [&](const oss::progress&) {
    reports += calls > 0 ? 1 : 0;
    return true;
  };
  check_throws([&] { return oss::download(options); }, 18);
  CHECK_NUMBER(calls, 1);
  // After the exception nothing of the caller's runs.
  CHECK_NUMBER(reports, 0);
}

void test_refresh()
{
  check_case("refresh");
  auto old = presign_options(object);
  old.signing_time = oss::sys_seconds(std::chrono::seconds(1700000000));
  auto options = options_for(presign(old));
  options.path = in_folder("old-target");
  options.refresh = []() -> std::optional<oss::link> { throw thrown{19}; };
  check_throws([&] { return oss::download(options); }, 19);

  // A URL that lives for some seconds more, and would be good to the end.
  check_case("refresh ahead of time");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  old.signing_time = now - std::chrono::seconds(92);
  old.expires_in = std::chrono::seconds(100);
  options.url = presign(old).url();
  check_throws([&] { return oss::download(options); }, 19);
}

class throwing_buffer : public std::streambuf {
 protected:
  std::streamsize xsputn(const char*, std::streamsize) override { throw thrown{20}; }
};

class full_buffer : public std::streambuf {};

void test_streams()
{
  check_case("stream");
  throwing_buffer buffer;
  std::ostream stream(&buffer);
  stream.exceptions(std::ios::badbit);
  auto options = options_for(object);
  options.write = oss::write_to(stream);
  check_throws([&] { return oss::download(options); }, 20);

  check_case("stream that is full");
  full_buffer full_of_it;
  std::ostream full(&full_of_it);
  full.exceptions(std::ios::badbit);
  options.write = oss::write_to(full);
  bool caught = false;
  try {
    (void)oss::download(options);
  } catch (const std::ios_base::failure&) {
    caught = true;
  }
  CHECK(caught);
}

// An exception ends a download only; the options are as good as before.
void test_again()
{
  check_case("again");
  int calls = 0;
  auto options = over_old(object);
  options.progress = [&calls](const oss::progress&) {
    if (calls++ == 0)
      throw thrown{21};
    return true;
  };
  check_throws([&] { return oss::download(options); }, 21);
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));
}

}  // namespace

void test_exceptions()
{
  test_progress();
  test_write();
  test_refresh();
  test_streams();
  test_again();
  check_case(nullptr);
}

}  // namespace test

#endif
