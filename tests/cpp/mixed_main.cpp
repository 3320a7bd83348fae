// An exception crosses the download although the linker has seen the same functions compiled without
// exceptions first.
#include "mixed.hpp"
#include "support.hpp"

#include <stdexcept>

int main()
{
  const auto url = test::presign(test::presign_options(test::object));
  const std::string text(url.url());
  const auto expected = test::read_file(test::env("OSS_TEST_OBJECT")).size();
  CHECK_NUMBER(download_without_exceptions(text.c_str()), expected);

  auto options = test::options_for(url);
  options.write = [](std::string_view) -> bool { throw std::runtime_error("from write"); };
  std::string caught;
  try {
    (void)oss::download(options);
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  CHECK_SAME(caught, "from write");
  return check_done();
}
