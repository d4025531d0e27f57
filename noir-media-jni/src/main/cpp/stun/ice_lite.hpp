#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/prefetch.hpp"
#include "base/socket_address.hpp"
#include "base/time.hpp"
#include "stun/ice_credentials.hpp"
#include "stun/ice_path.hpp"
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
///   right credentials                   success         path is valid
///   … and USE-CANDIDATE                 success         path is selected; ends the previous generation
///
/// Of several nominations in quick succession (aggressive nomination, RFC 5245 §8.1.1.2) the one with the highest
/// priority holds; otherwise the last one. After `restart` both generations' credentials are good until the new one is
/// nominated, so that media goes on.
///
/// Unlike RFC 8445's lite agents we check, too, where much depends on it: a path that is nominated, or that two
/// transports claim, is asked by a check of ours. Until it is proven, media stays on the path before (docs/adr/0023).
/// Thread: loop.
class IceLite {
 public:
  /// Valid paths remembered; beyond it the one that was silent for longest is forgotten, never one in use.
  static constexpr std::size_t kMaxPaths = 16;
  /// More than any response needs.
  static constexpr std::size_t kMaxResponseSize = 128;
  /// More than any check of ours needs: two fragments of 256 characters and the rest.
  static constexpr std::size_t kMaxCheckSize = 700;
  /// A path that is not in use and silent for so long may be somebody else's.
  static constexpr Duration kPathLife = std::chrono::seconds(30);

  explicit IceLite(IceCredentials local);
  /// The client's credentials; of the generation the last `restart` (or the constructor) began.
  void set_remote(IceCredentials remote);
  void restart(IceCredentials local);

  /// `size` bytes to send back, 0 = say nothing; `path` is null unless the request was the client's.
  struct Answer {
    std::size_t size = 0;
    IcePath* path = nullptr;
  };
  /// Answers a binding request that came on `path` into `out`. One that is not authenticated never gets more bytes than
  /// it had.
  Answer handle_request(Instant now, const Path& path, const StunMessage& request, MutableByteSpan out);
  /// An answer to a check of ours: the path it proves, or null.
  IcePath* handle_response(Instant now, const Path& path, const StunMessage& response);
  /// A flight went to this path and nowhere else, and was answered from there.
  void prove(Instant now, IcePath& path);
  /// The path is a TCP connection: its handshake has proven it, and a check of ours, sent once, tells how far it is.
  void accept_connection(Instant now, IcePath& path);
  /// Asks whoever is at this path by a check of ours.
  void want_proof(Instant now, IcePath& path);

  /// Writes the next check of ours that is due into `out`; 0 bytes = none. `tag` comes back by `tag_of`.
  struct Check {
    std::size_t size = 0;
    Path path;
  };
  Check poll_check(Instant now, std::uint32_t tag, MutableByteSpan out);
  /// Whose check this is an answer to, if it is one.
  [[nodiscard]] static std::uint32_t tag_of(const StunTransactionId& transaction);

  void handle_timeout(Instant now);
  [[nodiscard]] Instant next_timeout() const;

  /// The nominated path.
  [[nodiscard]] const std::optional<Path>& selected() const { return selected_; }
  /// Where media goes: the nominated path once it is proven; until then the one before, if that is.
  [[nodiscard]] const std::optional<Path>& outlet() const { return outlet_; }
  /// What sending reads of this object, from its beginning.
  static constexpr std::size_t kOutletBytes = 40;
  /// Null when as much as one likes may be sent to the outlet.
  [[nodiscard]] IcePath* outlet_limit() { return outlet_is_limited_ ? find(*outlet_) : nullptr; }

  /// Null unless an authenticated check came on this path: what may come from there is DTLS or media of this client.
  [[nodiscard]] IcePath* find(const Path& path);
  [[nodiscard]] const IcePath* find(const Path& path) const;
  [[nodiscard]] std::span<const IcePath> paths() const { return paths_; }
  /// Asks for what `find` reads of the first of them.
  void prefetch_paths() const { prefetch(paths_.data(), sizeof(IcePath)); }
  /// Whether checks for this local ufrag are (still) ours.
  [[nodiscard]] bool accepts(std::string_view local_ufrag) const;

 private:
  struct Generation {
    std::uint32_t number = 0;
    IceCredentials local;
    std::optional<IceCredentials> remote;
    std::unique_ptr<HmacSha1> key;
  };

  static Generation make_generation(std::uint32_t number, IceCredentials local);
  Generation* find_generation(const StunMessage& request);
  [[nodiscard]] const Generation* generation_of(const IcePath& path) const;
  IcePath& add_path(Instant now, const Path& path);
  void nominate(Instant now, IcePath& path, std::uint32_t priority);
  void update_outlet();
  [[nodiscard]] std::size_t write_check(const IcePath& path, const Generation& generation, MutableByteSpan out) const;

  // Read for every packet, and so in front.
  std::optional<Path> outlet_;
  bool outlet_is_limited_ = false;

  Generation current_;
  std::optional<Generation> previous_;
  std::vector<IcePath> paths_;
  std::optional<Path> selected_;
  std::optional<Path> fallback_;           // The proven path before it, while the selected one is not proven.
  std::uint32_t selected_priority_ = 0;    // PRIORITY of the check that nominated it.
  std::uint32_t selected_generation_ = 0;  // Of the check that nominated it.
  Instant nominated_at_ = Instant::min();  // Last nomination of the selected path.
};

}  // namespace noir
