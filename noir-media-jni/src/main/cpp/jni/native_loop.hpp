#pragma once

#include <jni.h>

#include <span>

namespace noir {

/// The native methods of dev.noir.media.Native, for RegisterNatives.
[[nodiscard]] std::span<const JNINativeMethod> native_methods();

}  // namespace noir
