// Several threads: cancelling from another one, downloads at once, downloads as futures.
#include "support.hpp"

#include <atomic>
#include <future>
#include <thread>

namespace test {
namespace {

/// Options for an object that never comes to its end, and says when its first bytes are there.
oss::download_options stalled(std::promise<void>& started)
{
  auto options = options_for("stalled.bin");
  options.progress_interval = std::chrono::milliseconds(-1);
  options.progress = [&started, told = false](const oss::progress& now) mutable {
    if (!told && now.bytes_done > 0) {
      told = true;
      started.set_value();
    }
    return true;
  };
  return options;
}

void test_cancel_from_another_thread()
{
  check_case("cancel from another thread");
  std::promise<void> started;
  auto options = stalled(started);
  const oss::cancel_source cancel;
  options.cancel = cancel;
  std::thread other([&, copy = cancel] {
    started.get_future().wait();
    copy.request();
  });
  fail_over_old(options, OSS_E_CANCELLED);
  other.join();
  // It stays cancelled.
  options.progress = nullptr;
  fail_over_old(options, OSS_E_CANCELLED);
}

void test_cancel_by_future()
{
  check_case("cancel a future");
  std::promise<void> started;
  auto options = stalled(started);
  options.path = in_folder("cancelled-future");
  oss::cancel_source cancel;
  options.cancel = cancel;
  auto file = oss::download_async(std::move(options));
  options = {};
  started.get_future().wait();
  cancel.request();
  // The switch outlives its last copy here.
  cancel = oss::cancel_source();
  check_failed(file.get(), OSS_E_CANCELLED);
  CHECK(!fs::exists(in_folder("cancelled-future")));
}

// One switch for eight, thrown somewhere on their way: each is there, whole, or not at all.
void test_cancel_races()
{
  check_case("cancel races");
  const auto url = presign(presign_options(object));
  for (int at = 0; at < 40; at += 8) {
    const oss::cancel_source cancel;
    std::atomic<int> reports = 0;
    std::promise<void> reached;
    std::thread other([&] {
      reached.get_future().wait();
      cancel.request();
    });
    std::vector<std::future<oss::result<oss::downloaded>>> files;
    std::vector<fs::path> paths;
    for (int i = 0; i < 8; i++) {
      auto options = options_for(url);
      options.path = in_folder("race-" + std::to_string(at + i));
      options.cancel = cancel;
      options.no_sync = true;
      options.progress_interval = std::chrono::milliseconds(-1);
      options.progress = [&, at](const oss::progress&) {
        if (reports++ == at)
          reached.set_value();
        return true;
      };
      paths.push_back(options.path);
      files.push_back(oss::download_async(std::move(options)));
    }
    for (std::size_t i = 0; i < files.size(); i++) {
      const auto file = files[i].get();
      if (file) {
        check_downloaded(file, paths[i], env("OSS_TEST_OBJECT"));
      } else {
        check_failed(file, OSS_E_CANCELLED);
        CHECK(!fs::exists(paths[i]));
      }
    }
    if (reports <= at)
      reached.set_value();
    other.join();
  }
}

void test_eight_at_once()
{
  check_case("eight at once");
  const auto url = presign(presign_options(object));
  const std::string expected = read_file(env("OSS_TEST_OBJECT"));
  const oss::client client;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; i++)
    threads.emplace_back([&, i] {
      auto options = options_for(url);
      options.client = &client;
      options.part_size = 131072;
      options.path = in_folder("thread-" + std::to_string(i));
      check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));
      // And all to one target: the last one wins, whole.
      options.path = in_folder("shared-target");
      CHECK(oss::download(options).has_value());
      options.path.clear();
      options.memory_limit = expected.size();
      const auto file = oss::download(options);
      CHECK(file && file->content() == expected);
    });
  for (std::thread& thread : threads)
    thread.join();
  CHECK(read_file(in_folder("shared-target")) == expected);
}

void test_async()
{
  check_case("async");
  const std::string expected = read_file(env("OSS_TEST_OBJECT"));
  std::thread::id ran_on;
  std::future<oss::result<oss::downloaded>> file;
  {
    // The download has options of its own.
    auto options = options_for(object);
    options.memory_limit = expected.size();
    options.progress = [&ran_on](const oss::progress&) {
      ran_on = std::this_thread::get_id();
      return true;
    };
    file = oss::download_async(options);
    options.url = "gone";
  }
  const auto got = file.get();
  CHECK(got && got->content() == expected);
  CHECK(ran_on != std::thread::id() && ran_on != std::this_thread::get_id());

  check_case("async that fails");
  auto options = options_for("no/such/key");
  options.memory_limit = 1;
  check_failed(oss::download_async(options).get(), OSS_E_NOT_FOUND);
}

}  // namespace

void test_threads()
{
  test_cancel_from_another_thread();
  test_cancel_by_future();
  test_cancel_races();
  test_eight_at_once();
  test_async();
  check_case(nullptr);
}

}  // namespace test
