/// @file
/// What goes into C: text, lists of pairs, instants and durations.
#ifndef OSS_PRESIGN_TEXT_HPP
#define OSS_PRESIGN_TEXT_HPP

#include <oss_presign/result.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oss {
inline namespace OSS_PRESIGN_NAMESPACE {

/// A text of some options: a copy of what it was made from, or nothing, which is "not given" and not
/// the same as "". UTF-8. A text with a NUL in it is refused by the call that gets it, with
/// OSS_E_INVALID_ARGUMENT and the name of the field.
class text {
 public:
  text() noexcept = default;
  /// A text that is given, "" too.
  text(std::string value) : value_(std::move(value)), given_(true) {}
  /// A copy.
  text(std::string_view value) : value_(value), given_(true) {}
  /// nullptr: not given.
  text(const char* value) : value_(value == nullptr ? "" : value), given_(value != nullptr) {}

  /// Whether there is a text.
  bool given() const noexcept { return given_; }
  /// Lives as long as the text, unchanged; empty when not given.
  std::string_view view() const noexcept { return value_; }
  /// As C takes it: nullptr when not given.
  const char* c_str() const noexcept { return given_ ? value_.c_str() : nullptr; }

 private:
  std::string value_;
  bool given_ = false;
};

/// Names and values: query parameters, headers.
using pairs = std::vector<std::pair<std::string, std::string>>;

/// An instant in whole seconds, as std::chrono::sys_seconds of C++20. The zero instant is "not
/// given". std::chrono::floor<std::chrono::seconds> makes one from system_clock::now().
using sys_seconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

namespace detail {

/// The error of a field that breaks a rule of the wrapper's own.
inline error invalid(const char* field, const char* rule)
{
  error made;
  made.code = OSS_E_INVALID_ARGUMENT;
  made.message = std::string(field) + ": " + rule;
  return made;
}

/// Turns values into what C takes, and keeps the first that C has no way to say.
class input {
 public:
  const char* text(const char* field, const oss::text& value)
  {
    refuse_nul(field, value.view());
    return value.c_str();
  }

  /// Borrows the texts.
  std::vector<oss_pair> pairs(const char* field, const oss::pairs& values)
  {
    std::vector<oss_pair> out;
    out.reserve(values.size());
    for (const auto& [name, value] : values) {
      refuse_nul(field, name);
      refuse_nul(field, value);
      out.push_back({name.c_str(), value.c_str()});
    }
    return out;
  }

  std::int32_t milliseconds(const char* field, std::chrono::milliseconds value)
  {
    using limits = std::numeric_limits<std::int32_t>;
    if (value.count() < limits::min() || value.count() > limits::max())
      refuse(field, "must fit into 32 bits of milliseconds, about 24 days");
    return static_cast<std::int32_t>(value.count());
  }

  const std::optional<error>& refused() const noexcept { return refused_; }

 private:
  void refuse_nul(const char* field, std::string_view value)
  {
    if (value.find('\0') != std::string_view::npos)
      refuse(field, "has a NUL byte");
  }

  void refuse(const char* field, const char* rule)
  {
    if (!refused_)
      refused_ = invalid(field, rule);
  }

  std::optional<error> refused_;
};

}  // namespace detail
}  // namespace OSS_PRESIGN_NAMESPACE
}  // namespace oss

#endif
