// What needs no server: text, options, errors, copies and moves.
#include "support.hpp"

#include <type_traits>

namespace test {
namespace {

// Options, errors and switches are values; what C owns has one owner.
static_assert(std::is_copy_constructible_v<oss::presign_options>);
static_assert(std::is_copy_assignable_v<oss::download_options>);
static_assert(std::is_aggregate_v<oss::presign_options>);
static_assert(std::is_aggregate_v<oss::download_options>);
static_assert(std::is_aggregate_v<oss::client_options>);
static_assert(std::is_copy_assignable_v<oss::cancel_source>);
static_assert(std::is_nothrow_move_constructible_v<oss::presigned_url>);
static_assert(std::is_nothrow_move_assignable_v<oss::downloaded>);
static_assert(!std::is_copy_constructible_v<oss::presigned_url>);
static_assert(!std::is_copy_constructible_v<oss::downloaded>);
static_assert(std::is_move_assignable_v<oss::client>);
static_assert(!std::is_copy_constructible_v<oss::client>);
// What may be nothing is asked for before it is used.
static_assert(!std::is_convertible_v<oss::result<oss::presigned_url>, bool>);
#if OSS_PRESIGN_EXCEPTIONS
static_assert(std::is_nothrow_copy_constructible_v<oss::exception>);
static_assert(std::is_base_of_v<std::runtime_error, oss::exception>);
#endif

oss::presign_options example()
{
  oss::presign_options options;
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.txt";
  options.access_key_id = "LTAI5tExample";
  options.access_key_secret = "secret";
  options.signing_time = oss::sys_seconds(std::chrono::seconds(1700000000));
  return options;
}

void test_text()
{
  check_case("text");
  CHECK(!oss::text().given() && oss::text().c_str() == nullptr);
  CHECK(!oss::text(nullptr).given());
  const oss::text empty("");
  CHECK(empty.given() && empty.view().empty() && empty.c_str() != nullptr);
  CHECK(oss::text(std::string_view()).given());
  // Not the end of a longer text.
  const std::string_view part = std::string_view("objects").substr(0, 6);
  CHECK_TEXT(oss::text(part).c_str(), "object");
  CHECK_TEXT(oss::text(std::string(part)).c_str(), "object");

  // Given and empty is not the same as not given.
  auto options = example();
  const auto without = presign(options);
  options.version_id = "";
  const auto with = presign(options);
  CHECK(with.url().find("versionId") != std::string_view::npos);
  CHECK(without.url().find("versionId") == std::string_view::npos);
}

template <class T>
void check_invalid(const oss::result<T>& outcome, const std::string& message)
{
  CHECK(!outcome);
  if (!outcome)
    test::check_invalid(outcome.error(), message);
}

void test_presign_nul()
{
  const std::string nul("a\0b", 3);
  for (const text_field& text : presign_texts) {
    check_case(text.name);
    auto options = example();
    options.*text.field = nul;
    check_invalid(oss::presign_get(options), std::string(text.name) + ": has a NUL byte");
  }
  for (const auto& pair : oss::pairs{{nul, "value"}, {"name", nul}}) {
    check_case("pairs");
    auto options = example();
    options.query = {{"fine", "fine"}, pair};
    check_invalid(oss::presign_get(options), "query: has a NUL byte");
    options = example();
    options.headers = {pair};
    check_invalid(oss::presign_get(options), "headers: has a NUL byte");
  }
  check_case("the first of several");
  auto options = example();
  options.key = nul;
  options.region = nul;
  check_invalid(oss::presign_get(options), "region: has a NUL byte");
}

oss::download_options nowhere()
{
  oss::download_options options;
  options.url = "http://127.0.0.1:1/key";
  options.memory_limit = 1;
  options.retries = -1;
  return options;
}

void test_download_nul()
{
  const std::string nul("a\0b", 3);
  const struct {
    const char* name;
    oss::text oss::download_options::*field;
  } texts[] = {
      {"url", &oss::download_options::url},
      {"connect_to", &oss::download_options::connect_to},
      {"ca_file", &oss::download_options::ca_file},
      {"proxy", &oss::download_options::proxy},
  };
  for (const auto& text : texts) {
    check_case(text.name);
    auto options = nowhere();
    options.*text.field = nul;
    check_invalid(oss::download(options), std::string(text.name) + ": has a NUL byte");
  }
  check_case("path and headers");
  auto options = nowhere();
  options.path = nul;
  check_invalid(oss::download(options), "path: has a NUL byte");
  options = nowhere();
  options.headers = {{"name", nul}};
  check_invalid(oss::download(options), "headers: has a NUL byte");

  check_case("client");
  oss::client_options connecting;
  connecting.proxy = nul;
  const oss::client client(connecting);
  CHECK(client.get() == nullptr && client.refused());
  options = nowhere();
  options.client = &client;
  check_invalid(oss::download(options), "proxy: has a NUL byte");

  // Expired long ago, so that the refresh comes before any request.
  check_case("refresh");
  options = nowhere();
  options.url = presign(example()).url();
  for (const oss::link& fresh : {oss::link{nul, {}}, oss::link{"http://h/", {{nul, ""}}}}) {
    options.refresh = [&fresh] { return std::optional<oss::link>(fresh); };
    check_invalid(oss::download(options),
                  fresh.headers.empty() ? "url: has a NUL byte" : "headers: has a NUL byte");
  }
  options.refresh = [] { return std::optional<oss::link>(oss::link()); };
  const auto file = oss::download(options);
  CHECK(!file && file.error().code == OSS_E_NULL_ARGUMENT);
}

void test_durations()
{
  using oss::download_options;
  using std::chrono::milliseconds;
  const struct {
    const char* name;
    milliseconds download_options::*field;
  } durations[] = {
      {"retry_budget_ms", &download_options::retry_budget},
      {"connect_timeout_ms", &download_options::connect_timeout},
      {"idle_timeout_ms", &download_options::idle_timeout},
      {"total_timeout_ms", &download_options::total_timeout},
      {"progress_interval_ms", &download_options::progress_interval},
  };
  for (const auto& duration : durations) {
    check_case(duration.name);
    for (const std::int64_t wrong : {std::int64_t{INT32_MAX} + 1, std::int64_t{INT32_MIN} - 1}) {
      auto options = nowhere();
      options.*duration.field = milliseconds(wrong);
      check_invalid(oss::download(options), std::string(duration.name) +
                                                ": must fit into 32 bits of milliseconds, about "
                                                "24 days");
    }
    for (const std::int64_t right : {std::int64_t{INT32_MAX}, std::int64_t{-1}}) {
      auto options = nowhere();
      options.*duration.field = milliseconds(right);
      const auto file = oss::download(options);
      CHECK(!file && file.error().code == OSS_E_CONNECT);
    }
  }
}

void test_targets_given()
{
  check_case("targets");
  auto options = nowhere();
  options.memory_limit = 0;
  auto file = oss::download(options);
  CHECK(!file && file.error().code == OSS_E_NULL_ARGUMENT);
  CHECK_STARTS(file ? "" : file.error().message.c_str(), "path: ");
  options.path = "target";
  options.write = [](std::string_view) { return true; };
  file = oss::download(options);
  CHECK(!file && file.error().code == OSS_E_INVALID_ARGUMENT);
  options = nowhere();
  options.url = nullptr;
  file = oss::download(options);
  CHECK(!file && file.error().code == OSS_E_NULL_ARGUMENT);
}

void test_moves()
{
  check_case("moves");
  oss::presigned_url first = presign(example());
  const std::string text(first.url());
  const char* where = first.url().data();
  oss::presigned_url second = std::move(first);
  CHECK_SAME(second.url(), text);
  CHECK(second.url().data() == where);
  first = presign(example());
  CHECK_SAME(first.url(), text);
  first = std::move(second);
  CHECK(first.url().data() == where && first.get() != nullptr);

  // Of the same options come the same bytes, whoever has been copied from whom.
  auto options = example();
  options.headers = {{"x-oss-meta", "1"}};
  const auto copy = options;
  options.key = "other";
  CHECK(presign(copy).url() != presign(options).url());
  CHECK(presign(copy).headers() == copy.headers);

  auto made = oss::presign_get(copy);
  auto moved = std::move(made);
  CHECK(moved && moved->url() == presign(copy).url());
  auto wrong = example();
  wrong.region = nullptr;
  moved = oss::presign_get(wrong);
  CHECK(!moved && moved.error().code == OSS_E_NULL_ARGUMENT);

  // All copies are one switch, however the first came to its end.
  std::optional<oss::cancel_source> source(std::in_place);
  const oss::cancel_source other = *source;
  CHECK(!other.is_requested() && other.get() == source->get());
  source->request();
  source.reset();
  CHECK(other.is_requested());
}

#if OSS_PRESIGN_EXCEPTIONS
void test_value()
{
  check_case("value");
  CHECK_SAME(oss::presign_get(example()).value().method(), "GET");
  auto wrong = example();
  wrong.bucket = "B";
  auto refused = oss::presign_get(wrong);
  const auto& same = refused;
  const std::string message = refused.error().message;
  int caught = 0;
  const auto check_throws = [&](auto get) {
    try {
      get();
    } catch (const oss::exception& exception) {
      caught++;
      CHECK_SAME(exception.what(), "OSS_E_INVALID_ARGUMENT: " + message);
      CHECK_SAME(exception.error().message, message);
      CHECK_NUMBER(exception.error().code, OSS_E_INVALID_ARGUMENT);
    }
  };
  check_throws([&] { (void)refused.value(); });
  check_throws([&] { (void)same.value(); });
  check_throws([&] { (void)std::move(refused).value(); });
  CHECK_NUMBER(caught, 3);
}
#endif

#if __cplusplus >= 202002L
void test_designated_initialisers()
{
  check_case("designated initialisers");
  const std::string bucket = "examplebucket";
  const std::string_view key = "dir/object.txt";
  const auto url = oss::presign_get({
      .region = "cn-hangzhou",
      .bucket = bucket,
      .key = key,
      .access_key_id = "LTAI5tExample",
      .access_key_secret = "secret",
      .headers = {{"x-oss-meta", "1"}},
      .expires_in = std::chrono::minutes(10),
      .addressing = OSS_ADDRESSING_PATH,
  });
  CHECK(url && url->headers().size() == 1);
  const auto file = oss::download({
      .url = "http://127.0.0.1:1/key",
      .path = "target",
      .progress = [](const oss::progress&) { return true; },
      .cancel = oss::cancel_source(),
      .expected_md5 = std::array<std::uint8_t, 16>{},
      .retries = -1,
      .connect_timeout = std::chrono::seconds(5),
      .resume = true,
  });
  CHECK(!file && file.error().code == OSS_E_CONNECT);
}
#endif

}  // namespace

void test_values()
{
  test_text();
  test_presign_nul();
  test_download_nul();
  test_durations();
  test_targets_given();
  test_moves();
#if OSS_PRESIGN_EXCEPTIONS
  test_value();
#endif
#if __cplusplus >= 202002L
  test_designated_initialisers();
#endif
  check_case(nullptr);
}

}  // namespace test
