// Downloads an object by presigned URL, with a progress bar. Ctrl-C cancels; the next run goes on
// from there. Every header that was signed must be given.
#include <oss_presign/oss_presign.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace {

volatile std::sig_atomic_t interrupted = 0;

[[noreturn]] void usage()
{
  std::cerr << "usage: download URL PATH [--header NAME=VALUE]... [--ca-file FILE]\n"
               "                [--connect-to HOST:PORT]\n";
  std::exit(2);
}

oss::download_options arguments(int argc, char** argv)
{
  if (argc < 3)
    usage();
  oss::download_options options;
  options.url = argv[1];
  options.path = argv[2];
  for (int i = 3; i < argc; i += 2) {
    if (i + 1 == argc)
      usage();
    const std::string_view name = argv[i];
    const std::string_view value = argv[i + 1];
    const auto equals = value.find('=');
    if (name == "--ca-file")
      options.ca_file = value;
    else if (name == "--connect-to")
      options.connect_to = value;
    else if (name == "--header" && equals != std::string_view::npos)
      options.headers.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    else
      usage();
  }
  return options;
}

/// Called about ten times a second.
bool show_progress(const oss::progress& now)
{
  constexpr std::uint64_t width = 40;
  if (!now.bytes_total || *now.bytes_total == 0) {
    std::cerr << '\r' << now.bytes_done << " bytes" << std::flush;
    return true;
  }
  const double part = static_cast<double>(now.bytes_done) / static_cast<double>(*now.bytes_total);
  std::string bar(width, ' ');
  bar.replace(0, static_cast<std::size_t>(part * width), static_cast<std::size_t>(part * width),
              '#');
  std::cerr << "\r[" << bar << "] " << static_cast<int>(part * 100) << '%' << std::flush;
  return true;
}

const char* name(oss_verified verified)
{
  switch (verified) {
  case OSS_VERIFIED_CRC64:
    return "CRC-64 of the service";
  case OSS_VERIFIED_LENGTH:
    return "length";
  default:
    return "nothing";
  }
}

}  // namespace

int main(int argc, char** argv)
{
  auto options = arguments(argc, argv);
  const oss::cancel_source cancel;
  options.cancel = cancel;
  options.resume = true;
  options.progress = show_progress;
  std::signal(SIGINT, [](int) { interrupted = 1; });

  auto future = oss::download_async(std::move(options));
  // A signal handler may do next to nothing; this thread can do the rest.
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready)
    if (interrupted != 0)
      cancel.request();

  const auto file = future.get();
  std::cerr << '\n';
  if (!file && file.error().code == OSS_E_CANCELLED) {
    std::cerr << "cancelled; the same command goes on from here\n";
    return EXIT_FAILURE;
  }
  if (!file) {
    const oss::error& error = file.error();
    std::cerr << "download: " << oss_code_name(error.code) << ": " << error.message << '\n';
    if (!error.request_id.empty())
      std::cerr << "request id " << error.request_id << ", EC " << error.ec << '\n';
    return EXIT_FAILURE;
  }
  std::cout << file->bytes() << " bytes, " << file->resumed() << " of them from before, crc64 "
            << file->crc64() << ", verified: " << name(file->verified()) << '\n';
}
