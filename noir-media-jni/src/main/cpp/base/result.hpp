#pragma once

#include <utility>
#include <variant>

#include "base/check.hpp"

namespace noir {

/// Expected failures. The numbers cross the JNI boundary as negative `jint`s: append only.
enum class ErrorCode : int {
  kNotFound = 1,
  kInvalidArgument = 2,
  kLimitExceeded = 3,
  kMalformed = 4,
  kAuthentication = 5,
  kReplayed = 6,
  kBufferTooSmall = 7,
  kWrongState = 8,
  kSystem = 9,
  kCrypto = 10,
};

/// A value or an `ErrorCode`. Errors come from input; bugs are `NOIR_CHECK`s.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(ErrorCode error) : state_(std::in_place_index<1>, error) {}     // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() {
    NOIR_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const {
    NOIR_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& operator*() { return value(); }
  [[nodiscard]] const T& operator*() const { return value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }
  [[nodiscard]] ErrorCode error() const {
    NOIR_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, ErrorCode> state_;
};

struct Unit {};
using Status = Result<Unit>;
inline constexpr Unit kOk{};

}  // namespace noir
