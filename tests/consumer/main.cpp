// A program of somebody else's, by the C++ wrapper.
#include <oss_presign/oss_presign.hpp>

#include <iostream>

int main()
{
  oss::presign_options options;
  options.region = "cn-hangzhou";
  options.bucket = "examplebucket";
  options.key = "dir/object.txt";
  options.access_key_id = "id";
  options.access_key_secret = "secret";
  const auto url = oss::presign_get(options);
  const std::string_view start = "https://examplebucket.oss-cn-hangzhou.aliyuncs.com/";
  const bool right = url && url->url().substr(0, start.size()) == start;
  std::cout << "oss_presign " << oss_presign_version() << '\n';
  return right ? 0 : 1;
}
