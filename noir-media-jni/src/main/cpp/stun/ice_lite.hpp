#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "stun/ice_credentials.hpp"
#include "stun/message.hpp"

namespace noir {

/// The controlled, lite side of ICE (RFC 8445 §2.5, §6.1.1) for one transport with one component. The client checks,
/// nominates and proves consent; we answer.
///
///   request with…                       answer          effect
///   no USERNAME or MESSAGE-INTEGRITY    400             none
///   wrong username or password          401             none
///   unknown required attribute          420             none
///   ICE-CONTROLLED                      487             none
///   right credentials                   success         path is valid, consent is fresh
///   … and USE-CANDIDATE                 success         path is selected; ends the previous generation
///
/// Of several nominations in quick succession (aggressive nomination, RFC 5245 §8.1.1.2) the one with the highest
/// priority holds; otherwise the last one. After `restart` both generations' credentials are good until the new one is
/// nominated, so that media goes on. Thread: loop.
class IceLite {
 public:
  /// Valid paths remembered; beyond it the one checked longest ago is forgotten, never the selected one.
  static constexpr std::size_t kMaxPaths = 16;
  /// More than any response needs.
  static constexpr std::size_t kMaxResponseSize = 128;

  explicit IceLite(IceCredentials local);
  /// The client's credentials; of the generation the last `restart` (or the constructor) began.
  void set_remote(IceCredentials remote);
  void restart(IceCredentials local);

  /// Answers a binding request that came on `path` into `out`; bytes to send back, 0 = say nothing. A request that
  /// is not authenticated never gets more bytes than it had.
  std::size_t handle_request(Instant now, const Path& path, const StunMessage& request, MutableByteSpan out);

  /// The nominated path; media is sent only there.
  [[nodiscard]] const std::optional<Path>& selected() const { return selected_; }
  /// Whether an authenticated check came on this path: what may come from there is DTLS or media of this client.
  [[nodiscard]] bool is_valid(const Path& path) const;
  struct ValidPath {
    Path path;
    Instant last_check;
  };
  [[nodiscard]] std::span<const ValidPath> valid_paths() const { return paths_; }
  /// Whether checks for this local ufrag are (still) ours.
  [[nodiscard]] bool accepts(std::string_view local_ufrag) const;
  /// Last authenticated check; `Instant::min()` before the first.
  [[nodiscard]] Instant last_consent() const { return last_consent_; }

 private:
  struct Generation {
    std::uint32_t number = 0;
    IceCredentials local;
    std::optional<IceCredentials> remote;
    std::unique_ptr<HmacSha1> key;
  };

  static Generation make_generation(std::uint32_t number, IceCredentials local);
  Generation* find_generation(const StunMessage& request);
  void add_path(Instant now, const Path& path);
  void nominate(Instant now, const Path& path, std::uint32_t generation, std::uint32_t priority);

  Generation current_;
  std::optional<Generation> previous_;
  std::vector<ValidPath> paths_;
  std::optional<Path> selected_;
  std::uint32_t selected_priority_ = 0;    // PRIORITY of the check that nominated it.
  std::uint32_t selected_generation_ = 0;  // Of the check that nominated it.
  Instant nominated_at_ = Instant::min();  // Last nomination of the selected path.
  Instant last_consent_ = Instant::min();
};

}  // namespace noir
