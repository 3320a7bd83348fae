// Reading URLs.
#include "support.hpp"

namespace test {
namespace {

constexpr std::chrono::seconds signing_time(1702743657);
const std::string signature = "a553100d35f52dfa3d257285ea63fcb6d813e17278b41af82e43cb2cc9ae1e82";
const std::string signed_url =
    "https://b.oss-cn-hangzhou.aliyuncs.com/k"
    "?x-oss-credential=canary%2F20231216%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"
    "&x-oss-date=20231216T162057Z&x-oss-expires=900&x-oss-signature=" +
    signature + "&x-oss-signature-version=OSS4-HMAC-SHA256";

oss::inspection inspect(const std::string& url, std::chrono::seconds now)
{
  auto outcome = oss::url_inspect(url, oss::sys_seconds(now));
  CHECK_SAME(outcome ? "" : outcome.error().message, "");
  return outcome ? *std::move(outcome) : oss::inspection(nullptr);
}

void test_good()
{
  check_case("good URL");
  const auto info = inspect(signed_url +
                                "&x-oss-additional-headers=host;if-match;range"
                                "&versionId=v%2B1&x-oss-process=p",
                            signing_time);
  CHECK_NUMBER(info.style(), OSS_URL_V4);
  CHECK(info.signed_at() == oss::sys_seconds(signing_time));
  CHECK(info.expires_at() == oss::sys_seconds(signing_time + std::chrono::seconds(900)));
  CHECK((info.header_names() == std::vector<std::string>{"if-match", "range"}));
  CHECK_SAME(info.version_id(), "v+1");
  CHECK_SAME(info.redacted_url(), "https://b.oss-cn-hangzhou.aliyuncs.com/k?[redacted]");
  CHECK(info.https() && info.signs_host() && info.signs_if_match() && info.signs_range());
  CHECK(info.processes() && !info.may_split());
  CHECK(info.problems().empty());
}

void test_unsigned()
{
  check_case("URL without a signature");
  const auto info = inspect("http://h/k", signing_time);
  CHECK_NUMBER(info.style(), OSS_URL_UNKNOWN);
  CHECK(!info.signed_at() && !info.expires_at());
  CHECK(info.header_names().empty() && info.version_id().empty());
  CHECK(!info.https() && !info.signs_host() && !info.signs_if_match() && !info.signs_range());
  CHECK(!info.processes() && info.may_split());
}

void test_problems()
{
  check_case("problems");
  const auto late = inspect(signed_url, signing_time + std::chrono::seconds(901)).problems();
  CHECK(late.size() == 1 && late[0].kind == OSS_PROBLEM_EXPIRED && late[0].is_error);
  // By the system clock it is late as well.
  const auto today = inspect(signed_url, {}).problems();
  CHECK(today.size() == 1 && today[0].kind == OSS_PROBLEM_EXPIRED);
  const auto plain = inspect("http" + signed_url.substr(5), signing_time).problems();
  CHECK(plain.size() == 1 && plain[0].kind == OSS_PROBLEM_PLAIN_HTTP && !plain[0].is_error);
  for (const auto& problem : late)
    CHECK(problem.message.size() > 20 && problem.message.find("canary") == std::string::npos);
}

void test_refused()
{
  check_case("refused URLs");
  const auto nul = oss::url_inspect(std::string("https://h/\0", 11));
  CHECK(!nul);
  if (!nul)
    check_invalid(nul.error(), "url: has a NUL byte");
  const auto none = oss::url_inspect(nullptr);
  CHECK(!none && none.error().code == OSS_E_NULL_ARGUMENT);
  const auto user = oss::url_inspect("https://u:canary@h/");
  CHECK(!user && user.error().code == OSS_E_INVALID_ARGUMENT);
  CHECK(!user && user.error().message.find("canary") == std::string::npos);
}

}  // namespace

void test_urls()
{
  test_good();
  test_unsigned();
  test_problems();
  test_refused();
  check_case(nullptr);
}

}  // namespace test
