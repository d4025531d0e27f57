#include <jni.h>

#include "dtls/crypto_library.hpp"
#include "jni/native_loop.hpp"

// The only symbols the library exports. A method that Java and the table do not agree on fails here, at load.

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void* /*reserved*/) {
  JNIEnv* env = nullptr;
  if (vm->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_10) != JNI_OK) return JNI_ERR;
  if (!noir::start_crypto_library()) return JNI_ERR;
  jclass native = env->FindClass("dev/noir/media/Native");
  if (native == nullptr) return JNI_ERR;
  const auto methods = noir::native_methods();
  const jint status = env->RegisterNatives(native, methods.data(), static_cast<jint>(methods.size()));
  env->DeleteLocalRef(native);
  return status == JNI_OK ? JNI_VERSION_10 : JNI_ERR;
}

extern "C" JNIEXPORT void JNICALL JNI_OnUnload(JavaVM* /*vm*/, void* /*reserved*/) {
  // Loops are closed by their owners long before the class loader goes. OpenSSL's hooks into threads that live on must
  // go too: they point into this library.
  noir::stop_crypto_library();
}
