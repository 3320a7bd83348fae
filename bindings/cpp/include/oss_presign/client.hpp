/// @file
/// What downloads share: connections, and a switch that cancels them.
#ifndef OSS_PRESIGN_CLIENT_HPP
#define OSS_PRESIGN_CLIENT_HPP

#include <oss_presign/text.hpp>

namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// How a client connects; every field may stay as it is.
struct client_options {
  /// Optional: "host:port" to connect to instead of the URL's host.
  text connect_to = {};
  /// Optional: a file of PEM certificates to trust instead of the built-in roots; read once.
  text ca_file = {};
  /// Optional: "http://[user:password@]host:port". None is taken from the environment.
  text proxy = {};
  /// Time to connect in, TLS included. Zero: 10 seconds. Negative: no limit.
  std::chrono::milliseconds connect_timeout = {};
  /// Time without a byte after which a request fails. Zero: 30 seconds. Negative: no limit.
  std::chrono::milliseconds idle_timeout = {};
};

/// Connections, TLS roots and proxy that several downloads use, one after the other or at once. Any
/// thread. It must outlive the downloads that use it. Movable. Where its options are wrong, or it was
/// moved from, each download that uses it fails and tells why.
class client {
 public:
  /// Connects to nothing yet.
  explicit client(const client_options& options = {})
  {
    detail::input in;
    oss_client_options out;
    OSS_OPTIONS_INIT(&out);
    out.connect_to = in.text("connect_to", options.connect_to);
    out.ca_file = in.text("ca_file", options.ca_file);
    out.proxy = in.text("proxy", options.proxy);
    out.connect_timeout_ms = in.milliseconds("connect_timeout_ms", options.connect_timeout);
    out.idle_timeout_ms = in.milliseconds("idle_timeout_ms", options.idle_timeout);
    refused_ = in.refused();
    if (!refused_)
      handle_.reset(oss_client_new(&out));
  }

  /// The C client, for the functions of oss_presign.h; nullptr when refused() tells why.
  const oss_client* get() const noexcept { return handle_.get(); }
  /// What of the options C has no way to say.
  const std::optional<error>& refused() const noexcept { return refused_; }

 private:
  std::unique_ptr<oss_client, detail::deleter<oss_client_free>> handle_;
  std::optional<error> refused_;
};

/// A switch that cancels downloads: copies are the same switch, which lives as long as one of them
/// or a download that was given it. Any thread.
class cancel_source {
 public:
  cancel_source() : handle_(oss_cancel_new(), detail::deleter<oss_cancel_free>()) {}
  /// The same switch; who is moved from keeps it too.
  cancel_source(const cancel_source&) = default;
  /// The same.
  cancel_source& operator=(const cancel_source&) = default;

  /// Cancels every download that was given the switch, now and later: each fails with
  /// OSS_E_CANCELLED, within milliseconds unless it is resolving a host name. Any number of times;
  /// not from a signal handler.
  void request() const noexcept { oss_cancel_request(get()); }
  /// Whether the switch was thrown.
  bool is_requested() const noexcept { return oss_cancel_is_requested(get()); }

  /// The C switch, for the functions of oss_presign.h.
  const oss_cancel* get() const noexcept { return handle_.get(); }

 private:
  std::shared_ptr<oss_cancel> handle_;
};

}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
