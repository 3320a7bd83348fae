// Downloads to files that succeed: the right bytes, verified, under the right name.
#include "support.hpp"

namespace test {
namespace {

struct watch {
  oss::progress last;
  int calls = 0;
  bool went_back = false;

  bool operator()(const oss::progress& now)
  {
    went_back |= calls++ > 0 && now.bytes_done < last.bytes_done;
    last = now;
    return true;
  }
};

void check_watched(const watch& seen, std::uint64_t bytes)
{
  CHECK(seen.calls > 0);
  CHECK(!seen.went_back);
  CHECK_NUMBER(seen.last.bytes_done, bytes);
  CHECK(seen.last.bytes_total == bytes);
  CHECK_NUMBER(seen.last.bytes_resumed, 0);
}

void test_progress_and_target()
{
  check_case("download");
  auto options = options_for(object);
  options.path = in_folder("with-progress");
  watch seen;
  options.progress = std::ref(seen);
  auto file = oss::download(options);
  check_downloaded(file, options.path, env("OSS_TEST_OBJECT"));
  if (file) {
    check_watched(seen, file->bytes());
    CHECK(file->object_size() == file->bytes());
    CHECK_NUMBER(file->resumed() + file->retries() + file->refreshes(), 0);
    CHECK(file->content().empty());
  }

  check_case("over what is there, without a wait for the disk");
  write_file(options.path, "old");
  options.progress = nullptr;
  options.no_sync = true;
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));

  check_case("no_overwrite of nothing");
  options.no_overwrite = true;
  options.path = in_folder("not-there-yet");
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));

  check_case("a name beyond ASCII");
  options.path = fs::u8path("\xe6\x8a\xa5\xe5\x91\x8a.bin");
  options.path = in_folder("") / options.path;
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));
}

void test_slow()
{
  check_case("slow");
  auto options = options_for("slow.bin");
  options.path = in_folder("slow");
  watch seen;
  options.progress = std::ref(seen);
  options.progress_interval = std::chrono::milliseconds(-1);
  const auto file = oss::download(options);
  check_downloaded(file, options.path, env("OSS_TEST_OBJECT"));
  check_watched(seen, file ? file->bytes() : 0);
  CHECK(seen.calls > 2);
}

void test_signed_headers()
{
  check_case("signed headers");
  auto presigning = presign_options(object);
  presigning.traffic_limit = 838860800;
  presigning.request_payer = "requester";
  auto options = options_for(presign(presigning));
  CHECK_NUMBER(options.headers.size(), 2);
  options.path = in_folder("signed-headers");
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));

  check_case("signed range");
  presigning.headers = {{"Range", "bytes=10-109"}};
  options = options_for(presign(presigning));
  options.path = in_folder("signed-headers");
  const auto file = oss::download(options);
  CHECK_SAME(file ? "" : file.error().message, "");
  if (file) {
    CHECK_NUMBER(file->http_status(), 206);
    CHECK_NUMBER(file->bytes(), 100);
    // The service states the checksum of the whole object only.
    CHECK_NUMBER(file->verified(), OSS_VERIFIED_LENGTH);
  }
  CHECK(read_file(options.path) == read_file(env("OSS_TEST_OBJECT")).substr(10, 100));
}

void test_versions_and_names()
{
  check_case("old version");
  auto presigning = presign_options(object);
  presigning.version_id = env("OSS_TEST_OLD_VERSION");
  auto options = options_for(presign(presigning));
  options.path = in_folder("version");
  const auto old = oss::download(options);
  check_downloaded(old, options.path, env("OSS_TEST_OLD_OBJECT"));
  CHECK_SAME(old ? old->version_id() : "", env("OSS_TEST_OLD_VERSION"));

  check_case("forced download name");
  presigning = presign_options(object);
  presigning.response_content_disposition = "attachment; filename=\"\xe6\x8a\xa5\xe5\x91\x8a.pdf\"";
  presigning.query = {{"empty", ""}};
  const auto url = presign(presigning);
  CHECK(url.url().find("response-content-disposition=attachment%3B%20filename%3D%22"
                       "%E6%8A%A5%E5%91%8A.pdf%22") != std::string_view::npos);
  options = options_for(url);
  options.path = in_folder("version");
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));
}

void test_https()
{
  check_case("https");
  // OSS's own host name, virtual-hosted: only the connection goes elsewhere.
  auto presigning = presign_options(object);
  presigning.endpoint = nullptr;
  presigning.addressing = OSS_ADDRESSING_VIRTUAL_HOSTED;
  auto options = options_for(presign(presigning));
  options.path = in_folder("https");
  options.connect_to = env("OSS_TEST_HTTPS");
  options.ca_file = env("OSS_TEST_CA");
  check_downloaded(oss::download(options), options.path, env("OSS_TEST_OBJECT"));

  check_case("https, unknown authority");
  options.path = in_folder("untrusted");
  options.ca_file = nullptr;
  check_failed(oss::download(options), OSS_E_TLS);
  CHECK(!fs::exists(options.path));
}

void test_resume()
{
  check_case("resume");
  auto options = options_for(object);
  options.path = in_folder("resumed");
  options.resume = true;
  options.part_size = 131072;
  options.connections = 1;
  options.progress_interval = std::chrono::milliseconds(-1);
  options.progress = [](const oss::progress& now) { return now.bytes_done < 400000; };
  check_failed(oss::download(options), OSS_E_CANCELLED);
  CHECK(!fs::exists(options.path));
  options.progress = nullptr;
  const auto file = oss::download(options);
  check_downloaded(file, options.path, env("OSS_TEST_OBJECT"));
  CHECK(file && file->resumed() > 0);
}

}  // namespace

void test_downloads()
{
  test_progress_and_target();
  test_slow();
  test_signed_headers();
  test_versions_and_names();
  test_https();
  test_resume();
  check_case(nullptr);
}

}  // namespace test
