#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "sim/sim_room.hpp"

namespace noir {

/// People who come, go, mute, publish, are squelched and change networks at random over a bad network, on any of the
/// loops. What is random is the caller's: a generator with a seed, or the bytes of a fuzzer.
class RandomRoom {
 public:
  using Choose = std::function<std::uint64_t()>;

  RandomRoom(std::uint64_t seed, LoopIndex loops, Choose choose);

  void act();
  void run_a_little();
  void empty();

  /// Anybody who is here and can send, if any: for what only an authenticated client can do wrong.
  [[nodiscard]] SimEnd* anybody();
  SimRoom& room() { return room_; }
  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  [[nodiscard]] std::uint64_t payload_errors() const { return payload_errors_; }
  [[nodiscard]] std::uint64_t reused_nonces() const { return room_.nonces().reused(); }

 private:
  struct Down {
    SimDownTrack track;
    TrackOrigin source;
    SimEnd* subscriber;
  };

  template <typename T>
  T& any_of(std::vector<T>& all) {
    return all[choose_() % all.size()];
  }

  void join(TransportRole role, std::vector<SimEnd*>& ends, std::size_t most);
  void subscribe(SimEnd& subscriber, const SimTrack& track);
  void publish();
  void leave(std::vector<SimEnd*>& ends);
  void remove_track();
  void squelch();
  void restart_ice();
  void change_down_track();
  void forget_source(const SimTrack& track);
  void tally(const Down& down);

  const LoopIndex loops_;
  const Choose choose_;
  SimRoom room_;
  std::vector<SimEnd*> publishers_;
  std::vector<SimEnd*> subscribers_;
  std::vector<SimTrack> tracks_;
  std::map<TrackOrigin, SimEnd*> owners_;
  std::vector<Down> downs_;
  std::uint64_t frames_ = 0;
  std::uint64_t payload_errors_ = 0;
};

}  // namespace noir
