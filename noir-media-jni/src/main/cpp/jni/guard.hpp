#pragma once

#include <jni.h>

#include <exception>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace noir {

/// Turns `failure` into a Java MediaException, thrown when the native method returns. The only such mapping.
void throw_media_exception(JNIEnv* env, std::exception_ptr failure);

/// A failure that Java gets as it is: code and text of its MediaException.
class CodedError : public std::runtime_error {
 public:
  CodedError(ErrorCode code, const char* text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

/// Every native method's body: no C++ exception passes into the JVM, which would end the process.
template <typename F>
auto guard(JNIEnv* env, F&& body) -> decltype(body()) {
  try {
    return body();
  } catch (...) {
    throw_media_exception(env, std::current_exception());
    return decltype(body())();
  }
}

/// A copy of a Java byte array.
[[nodiscard]] inline std::vector<std::uint8_t> copy_bytes(JNIEnv* env, jbyteArray array) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(env->GetArrayLength(array)));
  env->GetByteArrayRegion(array, 0, static_cast<jsize>(bytes.size()), reinterpret_cast<jbyte*>(bytes.data()));
  return bytes;
}

[[nodiscard]] inline jint to_jint(ErrorCode error) { return -static_cast<jint>(error); }
[[nodiscard]] inline jint to_jint(const Status& status) { return status ? 0 : to_jint(status.error()); }
template <typename Id>
[[nodiscard]] jint to_jint(const Result<Id>& result) {
  return result ? static_cast<jint>(*result) : to_jint(result.error());
}

}  // namespace noir
