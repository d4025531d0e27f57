#include "jni/guard.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "loop/system_error.hpp"

namespace noir {

namespace {

void throw_media_exception(JNIEnv* env, ErrorCode code, std::string text) {
  if (env->ExceptionCheck() != JNI_FALSE) return;  // The JVM's own, e.g. of an array: it says more.
  // NewStringUTF wants modified UTF-8; errno texts may be in the locale's encoding.
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  jclass type = env->FindClass("dev/noir/media/MediaException");
  if (type == nullptr) return;
  jmethodID constructor = env->GetMethodID(type, "<init>", "(ILjava/lang/String;)V");
  if (constructor == nullptr) return;
  jstring message = env->NewStringUTF(text.c_str());
  if (message == nullptr) return;
  jobject exception = env->NewObject(type, constructor, static_cast<jint>(code), message);
  if (exception != nullptr) (void)env->Throw(static_cast<jthrowable>(exception));
}

}  // namespace

void throw_media_exception(JNIEnv* env, std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const CodedError& e) {
    throw_media_exception(env, e.code(), e.what());
  } catch (const InvariantError& e) {
    throw_media_exception(env, ErrorCode::kWrongState, std::string("bug: ") + e.what());
  } catch (const std::bad_alloc&) {
    throw_media_exception(env, ErrorCode::kSystem, "out of native memory");
  } catch (const std::exception& e) {
    throw_media_exception(env, ErrorCode::kSystem, e.what());
  } catch (...) {
    throw_media_exception(env, ErrorCode::kSystem, "unknown native failure");
  }
}

}  // namespace noir
