#include "dtls/handshake_memory.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace noir {

namespace {

// What BUF_MEM_grow(16384), OpenSSL's first call for the buffer, asks of the allocator: (n + 3) / 3 * 4. Nothing else
// has just this size; what has another one is left alone.
constexpr std::size_t kBufferSize = 21'848;

}  // namespace

thread_local HandshakeMemory* HandshakeMemory::current_ = nullptr;

bool HandshakeMemory::install() { return CRYPTO_set_mem_functions(allocate, reallocate, deallocate) == 1; }

void HandshakeMemory::release() {
  void* block = block_;
  block_ = nullptr;
  if (block == nullptr || ambiguous_) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* begin = block;
  std::size_t space = kBufferSize;
  // Only whole pages inside the block. When the system refuses, the memory stays where it is.
  if (std::align(page, page, begin, space) != nullptr) (void)::madvise(begin, space / page * page, MADV_DONTNEED);
}

// NOLINTBEGIN(cppcoreguidelines-owning-memory): these are an allocator.
void* HandshakeMemory::allocate(std::size_t size, const char* /*file*/, int /*line*/) {
  void* block = std::malloc(size);
  note(block, size);
  return block;
}

void* HandshakeMemory::reallocate(void* block, std::size_t size, const char* /*file*/, int /*line*/) {
  forget(block);
  void* moved = std::realloc(block, size);
  note(moved, size);
  return moved;
}

void HandshakeMemory::deallocate(void* block, const char* /*file*/, int /*line*/) {
  forget(block);
  std::free(block);
}
// NOLINTEND(cppcoreguidelines-owning-memory)

void HandshakeMemory::note(void* block, std::size_t size) {
  if (size != kBufferSize || current_ == nullptr || block == nullptr) return;
  current_->ambiguous_ = current_->ambiguous_ || current_->block_ != nullptr;
  current_->block_ = block;
}

void HandshakeMemory::forget(const void* block) {
  if (current_ != nullptr && block != nullptr && current_->block_ == block) current_->block_ = nullptr;
}

}  // namespace noir
