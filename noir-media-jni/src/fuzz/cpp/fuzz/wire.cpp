// What Java hands over, as if Java were wrong.

#include "jni/wire.hpp"

#include "fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace noir;
  const ByteSpan bytes(data, size);
  (void)wire::read_config(bytes);
  (void)wire::read_transport(bytes);
  (void)wire::read_remote(bytes);
  (void)wire::read_credentials(bytes);
  (void)wire::read_channel(bytes);
  (void)wire::read_extensions(bytes);
  (void)wire::read_track(bytes);
  (void)wire::read_down_track(bytes);
  return 0;
}
