/// @file
/// Downloads by presigned URL: to a file, memory, a stream or a callable.
#ifndef OSS_PRESIGN_DOWNLOAD_HPP
#define OSS_PRESIGN_DOWNLOAD_HPP

#include <oss_presign/client.hpp>

#include <array>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <ostream>

namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// A URL, and the headers that must be sent with it.
struct link {
  /// The URL.
  text url = {};
  /// All headers that were signed.
  pairs headers = {};
};

/// How far a download is.
struct progress {
  /// Bytes that are there, resumed ones included; never goes back.
  std::uint64_t bytes_done = 0;
  /// Size of the whole; nothing while it is unknown.
  std::optional<std::uint64_t> bytes_total = {};
  /// Bytes that were there before this call.
  std::uint64_t bytes_resumed = 0;
  /// Bytes a second, smoothed; 0 until the first measurement.
  double bytes_per_second = 0;
};

/// What to download, and where to: fill in url, headers and one of path, write and memory_limit;
/// every other field may stay as it is. Fields are those of oss_download_options, whose comments have
/// the rules of each. Callables run on the thread that downloads, one at a time; what they throw ends
/// the download, and comes out of it.
struct download_options {
  /// Required: the presigned URL, sent byte for byte.
  text url = {};
  /// Headers to send: all that were signed, presigned_url::headers.
  pairs headers = {};
  /// The file to make. Until the object is there, complete and verified, an existing file stays as
  /// it is.
  std::filesystem::path path = {};
  /// Or: takes the next bytes, in order, over one connection. Return true to go on, false to fail
  /// with OSS_E_CALLBACK. write_to makes one of a stream.
  std::function<bool(std::string_view bytes)> write = {};
  /// Or: keeps the bytes in memory, at most so many: downloaded::content.
  std::uint64_t memory_limit = 0;
  /// Optional: called about ten times a second while data comes, and once at the end. Return true to
  /// go on, false to cancel.
  std::function<bool(const oss::progress& now)> progress = {};
  /// Optional: called when the URL has expired, or is in the last tenth of its life (10 s at most).
  /// Return a fresh one for the same object; after nothing the old one serves to its end, and then the
  /// download fails with OSS_E_URL_EXPIRED.
  std::function<std::optional<link>()> refresh = {};
  /// Optional: cancels the download from another thread.
  std::optional<cancel_source> cancel = {};
  /// Optional: the connections to use and to keep; borrowed until the download ends. connect_to,
  /// ca_file, proxy, connect_timeout and idle_timeout are the client's then.
  const oss::client* client = nullptr;
  /// Optional: "host:port" to connect to instead of the URL's host; nothing else changes.
  text connect_to = {};
  /// Optional: a file of PEM certificates to trust instead of the built-in roots.
  text ca_file = {};
  /// Optional: "http://[user:password@]host:port". None is taken from the environment.
  text proxy = {};
  /// First byte of the object that is wanted.
  std::uint64_t range_offset = 0;
  /// Number of bytes that are wanted. 0: to the end.
  std::uint64_t range_length = 0;
  /// Optional: the size the target must have.
  std::optional<std::uint64_t> expected_size = {};
  /// Optional: the CRC-64 (CRC-64/XZ) the target must have.
  std::optional<std::uint64_t> expected_crc64 = {};
  /// Optional: the SHA-256 the target must have.
  std::optional<std::array<std::uint8_t, 32>> expected_sha256 = {};
  /// Optional: the MD5 the target must have.
  std::optional<std::array<std::uint8_t, 16>> expected_md5 = {};
  /// The most bytes to write: one more is OSS_E_TOO_LARGE. 0: no limit.
  std::uint64_t max_bytes = 0;
  /// The most bytes a second, for the whole download. 0: no limit.
  std::uint64_t rate_limit = 0;
  /// Size of a part in bytes, at least 131072. 0: 8388608 (8 MiB).
  std::uint64_t part_size = 0;
  /// How many parts are fetched at once, 1 to 64. 0: 4.
  std::uint32_t connections = 0;
  /// How often a request is repeated without progress in between. 0: 5. Negative: never.
  std::int32_t retries = 0;
  /// How long repetitions go on without progress. Zero: 2 minutes. Negative: no limit.
  std::chrono::milliseconds retry_budget = {};
  /// Time to connect in, TLS included. Zero: 10 seconds. Negative: no limit.
  std::chrono::milliseconds connect_timeout = {};
  /// Time without a byte after which a request fails. Zero: 30 seconds. Negative: no limit.
  std::chrono::milliseconds idle_timeout = {};
  /// Time for the whole download. Zero or negative: no limit.
  std::chrono::milliseconds total_timeout = {};
  /// Time between two progress reports. Zero: 100 ms. Negative: at every step.
  std::chrono::milliseconds progress_interval = {};
  /// Fail with OSS_E_EXISTS if the target exists.
  bool no_overwrite = false;
  /// Do not wait until the data is on the disk. Faster; a power cut soon after may leave an empty or
  /// short target.
  bool no_sync = false;
  /// Keep what was fetched when the download fails, beside the target, and go on from there.
  bool resume = false;
  /// Follow redirects, at most 10 for a request.
  bool follow_redirects = false;
};

/// A download that succeeded. Its texts and its content live as long as it does. Movable; any thread
/// may read it.
class downloaded {
 public:
  /// For this library: takes over what an operation gave.
  explicit downloaded(detail::result_handle handle) noexcept : handle_(std::move(handle)) {}

  /// The size of the target.
  std::uint64_t bytes() const noexcept { return oss_result_bytes(get()); }
  /// The size of the whole object; nothing if the server did not state it.
  std::optional<std::uint64_t> object_size() const noexcept
  {
    const std::uint64_t size = oss_result_object_size(get());
    return size == UINT64_MAX ? std::nullopt : std::optional<std::uint64_t>(size);
  }
  /// How many of the bytes were there from an earlier call.
  std::uint64_t resumed() const noexcept { return oss_result_resumed(get()); }
  /// How many requests were repeated.
  std::uint32_t retries() const noexcept { return oss_result_retries(get()); }
  /// How many times the URL was replaced.
  std::uint32_t refreshes() const noexcept { return oss_result_refreshes(get()); }
  /// The object's ETag as the server sent it, quotes included; empty when there is none.
  std::string_view etag() const noexcept { return oss_result_etag(get()); }
  /// The version of the object; empty when the bucket keeps none.
  std::string_view version_id() const noexcept { return oss_result_version_id(get()); }
  /// The CRC-64 (CRC-64/XZ, as OSS computes it) of the bytes in the target.
  std::uint64_t crc64() const noexcept { return oss_result_crc64(get()); }
  /// What the bytes were checked against.
  oss_verified verified() const noexcept { return oss_result_verified(get()); }
  /// The HTTP status of the first answer.
  int http_status() const noexcept { return oss_result_http_status(get()); }
  /// OSS's id of the request, for a support ticket; empty when there is none.
  std::string_view request_id() const noexcept { return oss_result_request_id(get()); }

  /// Download to memory: the bytes, in place; empty otherwise.
  std::string_view content() const noexcept
  {
    const std::uint8_t* data = oss_result_content(get());
    if (data == nullptr)
      return {};
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(bytes())};
  }
  /// Download to memory: a copy of the bytes, for instance as std::string or
  /// std::vector<std::byte>.
  template <class Bytes>
  Bytes content_as() const
  {
    using byte = typename Bytes::value_type;
    static_assert(sizeof(byte) == 1, "a container of bytes");
    const auto* data = reinterpret_cast<const byte*>(content().data());
    return Bytes(data, data + content().size());
  }

  /// The C result, for the functions of oss_presign.h.
  const oss_result* get() const noexcept { return handle_.get(); }

 private:
  detail::result_handle handle_;
};

namespace detail {

/// One download: the options as C takes them, and what came of the callables.
class download_call {
 public:
  explicit download_call(const download_options& options) : options_(options) {}

  result<downloaded> run()
  {
    input in;
    const auto headers = in.pairs("headers", options_.headers);
    const auto utf8 = options_.path.u8string();
    const text path = utf8.empty() ? text() : text(std::string(utf8.begin(), utf8.end()));
    oss_download_options out;
    OSS_OPTIONS_INIT(&out);
    out.url = in.text("url", options_.url);
    out.headers = headers.data();
    out.headers_len = headers.size();
    out.path = in.text("path", path);
    out.memory_limit = options_.memory_limit;
    set_callbacks(out);
    out.cancel = options_.cancel ? options_.cancel->get() : nullptr;
    set_connection(out, in);
    set_expectations(out);
    out.max_bytes = options_.max_bytes;
    out.rate_limit = options_.rate_limit;
    out.part_size = options_.part_size;
    out.connections = options_.connections;
    out.retries = options_.retries;
    out.retry_budget_ms = in.milliseconds("retry_budget_ms", options_.retry_budget);
    out.total_timeout_ms = in.milliseconds("total_timeout_ms", options_.total_timeout);
    out.progress_interval_ms = in.milliseconds("progress_interval_ms", options_.progress_interval);
    out.flags = (options_.no_overwrite ? OSS_DOWNLOAD_NO_OVERWRITE : 0u) |
                (options_.no_sync ? OSS_DOWNLOAD_NO_SYNC : 0u) |
                (options_.resume ? OSS_DOWNLOAD_RESUME : 0u) |
                (options_.follow_redirects ? OSS_DOWNLOAD_FOLLOW_REDIRECTS : 0u);
    if (in.refused())
      return *in.refused();
    if (options_.client != nullptr && options_.client->get() == nullptr) {
      const auto& why = options_.client->refused();
      return why && !why->message.empty() ? *why : invalid("client", "was moved from");
    }
    result<downloaded> outcome = take<downloaded>(oss_download(&out));
#if OSS_PRESIGN_EXCEPTIONS
    if (thrown_)
      std::rethrow_exception(thrown_);
#endif
    // As with a link that C refuses: it is the reason why there was no other URL.
    if (refused_ && !outcome && outcome.error().code == OSS_E_URL_EXPIRED)
      return *refused_;
    return outcome;
  }

 private:
  void set_callbacks(oss_download_options& out)
  {
    if (options_.write) {
      out.write = on_write;
      out.write_context = this;
    }
    // After a refresh that threw, the old URL may serve on: the next report ends that.
    if (options_.progress || options_.refresh) {
      out.progress = on_progress;
      out.progress_context = this;
    }
    if (options_.refresh) {
      out.refresh = on_refresh;
      out.refresh_context = this;
    }
  }

  void set_connection(oss_download_options& out, input& in) const
  {
    out.client = options_.client == nullptr ? nullptr : options_.client->get();
    out.connect_to = in.text("connect_to", options_.connect_to);
    out.ca_file = in.text("ca_file", options_.ca_file);
    out.proxy = in.text("proxy", options_.proxy);
    out.connect_timeout_ms = in.milliseconds("connect_timeout_ms", options_.connect_timeout);
    out.idle_timeout_ms = in.milliseconds("idle_timeout_ms", options_.idle_timeout);
  }

  void set_expectations(oss_download_options& out) const
  {
    out.range_offset = options_.range_offset;
    out.range_length = options_.range_length;
    out.expected_size = options_.expected_size ? &*options_.expected_size : nullptr;
    out.expected_crc64 = options_.expected_crc64 ? &*options_.expected_crc64 : nullptr;
    out.expected_sha256 = options_.expected_sha256 ? options_.expected_sha256->data() : nullptr;
    out.expected_md5 = options_.expected_md5 ? options_.expected_md5->data() : nullptr;
  }

  /// Runs a step of the caller's, as a callback of C, unless an earlier one has ended the download.
  /// What it throws must not cross C, and is kept.
  template <class Step>
  std::int32_t guarded(Step step) noexcept
  {
    if (ended_)
      return 1;
#if OSS_PRESIGN_EXCEPTIONS
    try {
      return step() ? 0 : 1;
    } catch (...) {
      thrown_ = std::current_exception();
      ended_ = true;
      return 1;
    }
#else
    return step() ? 0 : 1;
#endif
  }

  static std::int32_t on_write(void* context, const std::uint8_t* data, std::size_t length) noexcept
  {
    auto& call = *static_cast<download_call*>(context);
    const std::string_view bytes(reinterpret_cast<const char*>(data), length);
    return call.guarded([&] { return call.options_.write(bytes); });
  }

  static std::int32_t on_progress(void* context, const oss_progress* from) noexcept
  {
    auto& call = *static_cast<download_call*>(context);
    progress now;
    now.bytes_done = from->bytes_done;
    if (from->bytes_total != UINT64_MAX)
      now.bytes_total = from->bytes_total;
    now.bytes_resumed = from->bytes_resumed;
    now.bytes_per_second = from->bytes_per_second;
    return call.guarded([&] { return !call.options_.progress || call.options_.progress(now); });
  }

  static std::int32_t on_refresh(void* context, oss_link* into) noexcept
  {
    auto& call = *static_cast<download_call*>(context);
    return call.guarded([&] {
      call.refused_.reset();
      const std::optional<link> fresh = call.options_.refresh();
      if (!fresh)
        return false;
      input in;
      const char* url = in.text("url", fresh->url);
      const auto headers = in.pairs("headers", fresh->headers);
      call.refused_ = in.refused();
      return !call.refused_ && oss_link_set(into, url, headers.data(), headers.size()) == 0;
    });
  }

  const download_options& options_;
  bool ended_ = false;
#if OSS_PRESIGN_EXCEPTIONS
  std::exception_ptr thrown_;
#endif
  /// What of a fresh link C has no way to say.
  std::optional<error> refused_;
};

}  // namespace detail

/// Downloads an object by presigned URL. A file appears under its name only when it is complete and
/// its length and CRC-64 are right; until then nothing that stands there is touched, whatever fails.
/// Any thread; blocks until the end. Throws what a callable threw, and nothing of its own but
/// std::bad_alloc.
inline result<downloaded> download(const download_options& options)
{
  return detail::download_call(options).run();
}

/// The same on a thread of its own, where the callables run too. The future waits for its end when it
/// is destroyed; options.cancel ends it sooner. get() throws what a callable threw. Throws
/// std::system_error when there can be no thread.
[[nodiscard]] inline std::future<result<downloaded>> download_async(download_options options)
{
  return std::async(std::launch::async,
                    [options = std::move(options)] { return download(options); });
}

/// A write callable that writes to a stream, which is borrowed, and fails when the stream does. What
/// stays in the stream's buffer is written when the stream is flushed.
inline std::function<bool(std::string_view)> write_to(std::ostream& stream)
{
  return [&stream](std::string_view bytes) {
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return stream.good();
  };
}

}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
