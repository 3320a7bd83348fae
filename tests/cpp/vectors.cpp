// The reference SDK's presigned URLs through the wrapper. The cases are those of tests/c/vectors.c,
// which says how they are written.
#include "support.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace test {
namespace {

struct vector_case {
  std::string id;
  oss::presign_options options;
  oss::pairs want_headers;
  std::string want_url;
  std::string want_string_to_sign;
  std::int64_t want_expires_at = 0;
  /// The options cannot say it.
  bool inexpressible = false;
  /// The field that holds a NUL, which C could not be given.
  std::string field_with_nul;
};

struct counts {
  int identical = 0;
  int refused = 0;
  int nul = 0;
  int inexpressible = 0;
};

[[noreturn]] void fail(const std::string& id, const std::string& why)
{
  std::fprintf(stderr, "vectors: %s: %s\n", id.c_str(), why.c_str());
  std::exit(EXIT_FAILURE);
}

int hex_digit(char c)
{
  const auto found = std::string_view("0123456789ABCDEF").find(c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

std::string decode(const vector_case& c, std::string_view text)
{
  std::string out;
  while (!text.empty()) {
    if (text[0] != '%') {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const int high = text.size() < 3 ? -1 : hex_digit(text[1]);
    const int low = high < 0 ? -1 : hex_digit(text[2]);
    if (low < 0)
      fail(c.id, "bad escape");
    out += static_cast<char>(high * 16 + low);
    text.remove_prefix(3);
  }
  return out;
}

std::pair<std::string_view, std::string_view> split(const vector_case& c, std::string_view item)
{
  const auto equals = item.find('=');
  if (equals == std::string_view::npos)
    fail(c.id, "no = in an item");
  return {item.substr(0, equals), item.substr(equals + 1)};
}

std::pair<std::string, std::string> pair(const vector_case& c, std::string_view value)
{
  const auto [left, right] = split(c, value);
  return {decode(c, left), decode(c, right)};
}

std::int64_t number(const std::string& id, const std::string& text)
{
  std::int64_t value = 0;
  std::istringstream in(text);
  if (!(in >> value) || !in.eof())
    fail(id, "not a number: " + text);
  return value;
}

oss::sys_seconds instant(vector_case& c, std::int64_t seconds)
{
  c.inexpressible |= seconds == 0;
  return oss::sys_seconds(std::chrono::seconds(seconds));
}

bool set_number(vector_case& c, std::string_view name, const std::string& text)
{
  oss::presign_options& o = c.options;
  const std::int64_t value = number(c.id, text);
  if (name == "expires_in")
    o.expires_in = std::chrono::seconds(value);
  else if (name == "expires_at")
    o.expires_at = instant(c, value);
  else if (name == "signing_time")
    o.signing_time = instant(c, value);
  else if (name == "traffic_limit")
    o.traffic_limit = value;
  else if (name == "addressing" && value <= OSS_ADDRESSING_CUSTOM_DOMAIN)
    o.addressing = static_cast<oss_addressing>(value);
  else if (name == "endpoint_kind" && value <= OSS_ENDPOINT_ACCELERATE_OVERSEAS)
    o.endpoint_kind = static_cast<oss_endpoint_kind>(value);
  else if (name == "flags" && (value & ~OSS_PRESIGN_HTTP) == 0)
    o.http = value == OSS_PRESIGN_HTTP;
  else if (name == "want.expires_at")
    c.want_expires_at = value;
  else
    return false;
  return true;
}

void set_item(vector_case& c, std::string_view name, std::string_view value)
{
  if (name == "query")
    return c.options.query.push_back(pair(c, value));
  if (name == "header")
    return c.options.headers.push_back(pair(c, value));
  if (name == "want.header")
    return c.want_headers.push_back(pair(c, value));
  const std::string text = decode(c, value);
  for (const text_field& known : presign_texts) {
    if (name != known.name)
      continue;
    c.options.*known.field = text;
    if (text.find('\0') != std::string::npos)
      c.field_with_nul = known.name;
    return;
  }
  if (name == "want.url")
    c.want_url = text;
  else if (name == "want.string_to_sign")
    c.want_string_to_sign = text;
  else if (!set_number(c, name, text))
    fail(c.id, "unknown item: " + std::string(name));
}

void check_identical(const vector_case& c, const oss::result<oss::presigned_url>& url)
{
  CHECK_SAME(url ? "" : url.error().message, "");
  if (!url)
    return;
  CHECK_SAME(url->method(), "GET");
  CHECK_SAME(url->url(), c.want_url);
  CHECK_SAME(url->string_to_sign(), c.want_string_to_sign);
  CHECK(!url->canonical_request().empty());
  CHECK_NUMBER(url->expires_at().time_since_epoch().count(), c.want_expires_at);
  CHECK(url->headers() == c.want_headers);
}

void check_refused(const oss::result<oss::presigned_url>& url)
{
  CHECK(!url);
  if (url)
    return;
  const oss::error& error = url.error();
  CHECK(error.code == OSS_E_INVALID_ARGUMENT || error.code == OSS_E_INVALID_UTF8 ||
        error.code == OSS_E_NULL_ARGUMENT);
  CHECK_NUMBER(error.phase, OSS_PHASE_CHECK);
  const auto colon = error.message.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
  CHECK(colon > 0 && error.message.substr(colon, 2) == ": " && error.message.size() > colon + 2);
}

void run(const std::string& line, counts& counts)
{
  vector_case c;
  std::istringstream items(line);
  std::string kind;
  std::string item;
  std::getline(items, kind, '\t');
  std::getline(items, c.id, '\t');
  if (kind != "same" && kind != "refuse")
    fail(c.id, "unknown class: " + kind);
  while (std::getline(items, item, '\t')) {
    const auto [name, value] = split(c, item);
    set_item(c, name, value);
  }
  if (c.inexpressible) {
    counts.inexpressible++;
    return;
  }
  check_case(c.id.c_str());
  const auto url = oss::presign_get(c.options);
  if (!c.field_with_nul.empty()) {
    check_refused(url);
    CHECK_SAME(url ? "" : url.error().message, c.field_with_nul + ": has a NUL byte");
    counts.nul++;
  } else if (kind == "same") {
    check_identical(c, url);
    counts.identical++;
  } else {
    check_refused(url);
    counts.refused++;
  }
  check_case(nullptr);
}

}  // namespace

void test_vectors(const char* cases, int identical, int refused)
{
  std::ifstream file(cases);
  if (!file)
    fail("usage", std::string("cannot read ") + cases);
  counts counts;
  for (std::string line; std::getline(file, line);)
    run(line, counts);
  CHECK(counts.identical >= identical);
  CHECK(counts.refused >= refused);
  CHECK_NUMBER(counts.nul, 1);
  CHECK_NUMBER(counts.inexpressible, 2);
  std::printf("vectors: %d identical, %d refused, %d with a NUL, %d the options cannot say\n",
              counts.identical, counts.refused, counts.nul, counts.inexpressible);
}

}  // namespace test
