/// @file
/// Presigned URLs: from options to a URL, without network or files.
#ifndef OSS_PRESIGN_PRESIGN_HPP
#define OSS_PRESIGN_PRESIGN_HPP

#include <oss_presign/text.hpp>

namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// What to presign: fill in region, bucket and key; every other field may stay as it is. Fields are
/// those of oss_presign_options, whose comments have the rules of each.
struct presign_options {
  /// Required, for instance "cn-hangzhou".
  text region = {};
  /// Required.
  text bucket = {};
  /// Required: 1 to 1023 bytes, signed as they are.
  text key = {};
  /// Optional: the host to use instead of the region's, "host", "host:port" or
  /// "http(s)://host[:port]".
  text endpoint = {};
  /// Who signs. When id, secret and token are not given, they are read from the environment at each
  /// call: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, OSS_SESSION_TOKEN.
  text access_key_id = {};
  /// Required with access_key_id.
  text access_key_secret = {};
  /// Optional: the security token of a temporary (STS) access key.
  text security_token = {};
  /// Optional: the version of the object.
  text version_id = {};
  /// Optional: image or other processing, x-oss-process.
  text process = {};
  /// Optional: Cache-Control of the answer.
  text response_cache_control = {};
  /// Optional: Content-Disposition of the answer; "attachment" makes a browser download.
  text response_content_disposition = {};
  /// Optional: Content-Encoding of the answer.
  text response_content_encoding = {};
  /// Optional: Content-Language of the answer.
  text response_content_language = {};
  /// Optional: Content-Type of the answer.
  text response_content_type = {};
  /// Optional: Expires of the answer.
  text response_expires = {};
  /// Optional, a signed header: x-oss-range-behavior, "standard".
  text range_behavior = {};
  /// Optional, a signed header: x-oss-request-payer, "requester".
  text request_payer = {};
  /// Optional: the cloud box the bucket lives in.
  text cloud_box_id = {};
  /// Further query parameters, at most 1024; all are signed.
  pairs query = {};
  /// Further headers, at most 1024: what is given is signed, and the downloader must send it too.
  pairs headers = {};
  /// Validity, 1 second to 7 days. Zero: 15 minutes.
  std::chrono::seconds expires_in = {};
  /// When the URL expires, at most 7 days ahead. Zero: not given. Wins over expires_in.
  sys_seconds expires_at = {};
  /// When the URL is signed. Zero: now, by the system clock.
  sys_seconds signing_time = {};
  /// x-oss-traffic-limit, a signed header, in bit/s: 245760 to 838860800. Zero: none.
  std::int64_t traffic_limit = 0;
  /// How the URL names the bucket.
  oss_addressing addressing = OSS_ADDRESSING_VIRTUAL_HOSTED;
  /// Which of the region's endpoints to use. An endpoint that is given wins.
  oss_endpoint_kind endpoint_kind = OSS_ENDPOINT_PUBLIC;
  /// Sign an http:// URL where the endpoint states no scheme.
  bool http = false;
};

/// A presigned URL. Its texts live as long as it does. Movable; any thread may read it.
class presigned_url {
 public:
  /// For this library: takes over what an operation gave.
  explicit presigned_url(detail::result_handle handle) noexcept : handle_(std::move(handle)) {}

  /// The URL, to be sent byte for byte. Whoever has it can read the object until it expires: keep it
  /// out of logs.
  std::string_view url() const noexcept { return oss_result_url(get()); }
  /// The HTTP method that was signed, "GET".
  std::string_view method() const noexcept { return oss_result_method(get()); }
  /// When the URL expires.
  sys_seconds expires_at() const noexcept
  {
    return sys_seconds(std::chrono::seconds(oss_result_expires_at(get())));
  }
  /// The headers that were signed, names in lower case. The downloader must send each.
  pairs headers() const
  {
    pairs out;
    out.reserve(oss_result_header_count(get()));
    for (std::size_t i = 0; i < oss_result_header_count(get()); i++)
      out.emplace_back(oss_result_header_name(get(), i), oss_result_header_value(get(), i));
    return out;
  }
  /// The canonical request, for comparing when a signature is refused. It has the security token in
  /// it, as the URL does.
  std::string_view canonical_request() const noexcept
  {
    return oss_result_canonical_request(get());
  }
  /// The string to sign, for comparing when a signature is refused.
  std::string_view string_to_sign() const noexcept { return oss_result_string_to_sign(get()); }

  /// The C result, for the functions of oss_presign.h.
  const oss_result* get() const noexcept { return handle_.get(); }

 private:
  detail::result_handle handle_;
};

/// Presigns a GetObject request: OSS signature version 4. Fails with OSS_E_INVALID_ARGUMENT,
/// OSS_E_NULL_ARGUMENT or OSS_E_INVALID_UTF8, and a message that names the field and the rule. No
/// network, no file. Any thread.
inline result<presigned_url> presign_get(const presign_options& options)
{
  detail::input in;
  const auto query = in.pairs("query", options.query);
  const auto headers = in.pairs("headers", options.headers);
  oss_presign_options out;
  OSS_OPTIONS_INIT(&out);
  out.region = in.text("region", options.region);
  out.bucket = in.text("bucket", options.bucket);
  out.key = in.text("key", options.key);
  out.endpoint = in.text("endpoint", options.endpoint);
  out.access_key_id = in.text("access_key_id", options.access_key_id);
  out.access_key_secret = in.text("access_key_secret", options.access_key_secret);
  out.security_token = in.text("security_token", options.security_token);
  out.version_id = in.text("version_id", options.version_id);
  out.process = in.text("process", options.process);
  out.response_cache_control = in.text("response_cache_control", options.response_cache_control);
  out.response_content_disposition =
      in.text("response_content_disposition", options.response_content_disposition);
  out.response_content_encoding =
      in.text("response_content_encoding", options.response_content_encoding);
  out.response_content_language =
      in.text("response_content_language", options.response_content_language);
  out.response_content_type = in.text("response_content_type", options.response_content_type);
  out.response_expires = in.text("response_expires", options.response_expires);
  out.range_behavior = in.text("range_behavior", options.range_behavior);
  out.request_payer = in.text("request_payer", options.request_payer);
  out.cloud_box_id = in.text("cloud_box_id", options.cloud_box_id);
  out.query = query.data();
  out.query_len = query.size();
  out.headers = headers.data();
  out.headers_len = headers.size();
  out.expires_in = options.expires_in.count();
  out.expires_at = options.expires_at.time_since_epoch().count();
  out.signing_time = options.signing_time.time_since_epoch().count();
  out.traffic_limit = options.traffic_limit;
  out.addressing = options.addressing;
  out.endpoint_kind = options.endpoint_kind;
  out.flags = options.http ? OSS_PRESIGN_HTTP : 0;
  if (in.refused())
    return *in.refused();
  return detail::take<presigned_url>(oss_presign_get(&out));
}

}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
