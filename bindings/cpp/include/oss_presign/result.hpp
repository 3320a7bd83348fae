/// @file
/// What an operation gives: a value, or an error that says everything C says.
#ifndef OSS_PRESIGN_RESULT_HPP
#define OSS_PRESIGN_RESULT_HPP

#include <oss_presign.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define OSS_PRESIGN_EXCEPTIONS 1
#include <stdexcept>
/// Code with and without exceptions may meet in one program: each has functions of its own.
#define OSS_PRESIGN_NAMESPACE v0
#else
#define OSS_PRESIGN_EXCEPTIONS 0
#define OSS_PRESIGN_NAMESPACE v0_without_exceptions
#endif

/// The C++ wrapper; oss_presign.hpp has its rules.
namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// Why an operation failed. No secret, signature, token or query string is in any of its texts.
struct error {
  /// One of OSS_E_*; new ones may appear. oss_code_name gives its name.
  oss_code code = OSS_E_INTERNAL;
  /// How far the operation got.
  oss_phase phase = OSS_PHASE_CHECK;
  /// One sentence for a person. About a wrong input it is "FIELD: RULE".
  std::string message = {};
  /// Whether the same call may well succeed later, unchanged.
  bool retryable = false;
  /// The HTTP status of the answer it failed with; 0 when there was none.
  int http_status = 0;
  /// The operating system's error number when that was the cause, else 0.
  int os_error = 0;
  /// OSS's error code, for instance "NoSuchKey"; empty when there is none.
  std::string server_code = {};
  /// OSS's error message; empty when there is none.
  std::string server_message = {};
  /// OSS's id of the request, for a support ticket; empty when there is none.
  std::string request_id = {};
  /// The host that answered, as it names itself; empty when there is none.
  std::string host_id = {};
  /// OSS's finer error code (EC), for instance "0026-00000001"; empty when there is none.
  std::string ec = {};
};

#if OSS_PRESIGN_EXCEPTIONS
/// What result::value throws. what() is "CODE: MESSAGE".
class exception : public std::runtime_error {
 public:
  /// For this library.
  explicit exception(oss::error error)
      : std::runtime_error(std::string(oss_code_name(error.code)) + ": " + error.message),
        error_(std::make_shared<const oss::error>(std::move(error)))
  {
  }

  /// Everything that is known; lives as long as the exception or a copy of it.
  const oss::error& error() const noexcept { return *error_; }

 private:
  /// Shared, because copying an exception must not throw.
  std::shared_ptr<const oss::error> error_;
};
#endif

/// A value, or the error in its place. Ask first: `*r` and `r->` need a value, `r.error()` an error;
/// value() asks itself and throws oss::exception. Without exceptions there is no value().
template <class T>
class [[nodiscard]] result {
 public:
  /// Success.
  result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
  /// Failure.
  result(oss::error error) : outcome_(std::in_place_index<1>, std::move(error)) {}

  /// @{ Whether there is a value.
  bool has_value() const noexcept { return outcome_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  /// @}

  /// @{ The value, if there is one.
  T& operator*() & noexcept { return *std::get_if<0>(&outcome_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&outcome_); }
  T operator*() && { return std::move(*std::get_if<0>(&outcome_)); }
  T* operator->() noexcept { return std::get_if<0>(&outcome_); }
  const T* operator->() const noexcept { return std::get_if<0>(&outcome_); }
  /// @}

  /// @{ The error, if there is no value.
  const oss::error& error() const& noexcept { return *std::get_if<1>(&outcome_); }
  oss::error error() && { return std::move(*std::get_if<1>(&outcome_)); }
  /// @}

#if OSS_PRESIGN_EXCEPTIONS
  /// @{ The value; throws oss::exception if there is none.
  T& value() &
  {
    return has_value() ? **this : throw exception(error());
  }
  const T& value() const&
  {
    return has_value() ? **this : throw exception(error());
  }
  T value() &&
  {
    if (!has_value())
      throw exception(std::move(*this).error());
    return *std::move(*this);
  }
  /// @}
#endif

 private:
  std::variant<T, oss::error> outcome_;
};

namespace detail {

/// Frees what C gave.
template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* handle) const noexcept
  {
    Free(handle);
  }
};

using result_handle = std::unique_ptr<oss_result, deleter<oss_result_free>>;

/// Takes over what an operation returned.
template <class T>
result<T> take(oss_result* from)
{
  result_handle handle(from);
  if (oss_result_code(from) == OSS_OK)
    return T(std::move(handle));
  error failed;
  failed.code = oss_result_code(from);
  failed.phase = oss_result_phase(from);
  failed.message = oss_result_message(from);
  failed.retryable = oss_result_retryable(from);
  failed.http_status = oss_result_http_status(from);
  failed.os_error = oss_result_os_error(from);
  failed.server_code = oss_result_server_code(from);
  failed.server_message = oss_result_server_message(from);
  failed.request_id = oss_result_request_id(from);
  failed.host_id = oss_result_host_id(from);
  failed.ec = oss_result_ec(from);
  return failed;
}

}  // namespace detail
}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
