#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "forward/params.hpp"
#include "loop/loop.hpp"
#include "sfu/params.hpp"

// Parameters as Java's `Wire` writes them: little-endian integers; text and bytes follow their u32 length, lists their
// u16 count. Everything is checked though it comes from our own Java: a bug there must not take the JVM down.

namespace noir::wire {

struct OpenConfig {
  LoopConfig loop;
  ByteSpan certificate_der;
  ByteSpan private_key_der;
};

struct Credentials {
  std::string ufrag;
  std::string pwd;
};

struct ChannelParams {
  std::string label;
  bool ordered = true;
};

/// The spans point into `bytes`.
Result<OpenConfig> read_config(ByteSpan bytes);
Result<TransportParams> read_transport(ByteSpan bytes);
Result<RemoteParams> read_remote(ByteSpan bytes);
Result<Credentials> read_credentials(ByteSpan bytes);
Result<ChannelParams> read_channel(ByteSpan bytes);
Result<std::vector<ExtensionIds>> read_extensions(ByteSpan bytes);
Result<TrackParams> read_track(ByteSpan bytes);
Result<DownTrackParams> read_down_track(ByteSpan bytes);

}  // namespace noir::wire
