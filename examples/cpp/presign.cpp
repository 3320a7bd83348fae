// Makes a presigned URL for an object. Prints method, expiration, URL and signed headers.
// Credentials: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN of the environment.
#include <oss_presign/oss_presign.hpp>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <iostream>

namespace {

[[noreturn]] void usage()
{
  std::cerr << "usage: presign --region R --bucket B --key K [--endpoint E] [--expires SECONDS]\n"
               "               [--version-id V] [--attachment NAME] [--header NAME=VALUE]...\n";
  std::exit(2);
}

std::chrono::seconds seconds(std::string_view text)
{
  std::chrono::seconds::rep number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    usage();
  return std::chrono::seconds(number);
}

oss::presign_options arguments(int argc, char** argv)
{
  oss::presign_options options;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc)
      usage();
    const std::string_view name = argv[i];
    const std::string_view value = argv[i + 1];
    const auto equals = value.find('=');
    if (name == "--region")
      options.region = value;
    else if (name == "--bucket")
      options.bucket = value;
    else if (name == "--key")
      options.key = value;
    else if (name == "--endpoint")
      options.endpoint = value;
    else if (name == "--expires")
      options.expires_in = seconds(value);
    else if (name == "--version-id")
      options.version_id = value;
    else if (name == "--attachment")
      options.response_content_disposition = "attachment; filename=\"" + std::string(value) + "\"";
    else if (name == "--header" && equals != std::string_view::npos)
      options.headers.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    else
      usage();
  }
  return options;
}

}  // namespace

int main(int argc, char** argv)
{
  const auto url = oss::presign_get(arguments(argc, argv));
  if (!url) {
    std::cerr << "presign: " << url.error().message << '\n';
    return EXIT_FAILURE;
  }
  const std::time_t expires_at = std::chrono::system_clock::to_time_t(url->expires_at());
  std::cout << url->method() << ", expires "
            << std::put_time(std::gmtime(&expires_at), "%Y-%m-%dT%H:%M:%SZ") << '\n'
            << url->url() << '\n';
  for (const auto& [name, value] : url->headers())
    std::cout << name << ": " << value << '\n';
}
