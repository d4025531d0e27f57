#pragma once

#include <cstddef>

namespace noir {

/// The buffer OpenSSL assembles handshake messages in. It keeps its 22 KB for as long as a DTLS association lives, in
/// case the handshake's last flight is repeated (statem_lib.c, tls_finish_handshake), which here never reaches it: our
/// own RecordFilter answers repetitions. OpenSSL has no call that frees it, so we note where it is and, when the
/// handshake is over, give its pages back to the system; the address stays OpenSSL's and reads as zeros.
/// Thread: loop; one per association.
class HandshakeMemory {
 public:
  /// Makes OpenSSL allocate through here. False when it has allocated before: then nothing is ever released.
  static bool install();

  /// While it lives, this thread is doing the handshake of `memory`'s association.
  class Scope {
   public:
    explicit Scope(HandshakeMemory& memory) : outer_(current_) { current_ = &memory; }
    ~Scope() { current_ = outer_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    HandshakeMemory* outer_;
  };

  /// After the handshake, inside its scope.
  void release();

 private:
  static void* allocate(std::size_t size, const char* file, int line);
  static void* reallocate(void* block, std::size_t size, const char* file, int line);
  static void deallocate(void* block, const char* file, int line);
  static void note(void* block, std::size_t size);
  static void forget(const void* block);

  static thread_local HandshakeMemory* current_;

  void* block_ = nullptr;  // Of OpenSSL, alive.
  bool ambiguous_ = false;
};

}  // namespace noir
