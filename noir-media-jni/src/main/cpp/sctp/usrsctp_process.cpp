#include "sctp/usrsctp_process.hpp"

#include <sys/time.h>
#include <usrsctp.h>

#include <algorithm>
#include <chrono>

#include "base/check.hpp"
#include "sctp/sctp_header.hpp"

namespace noir {

namespace {

using std::chrono::milliseconds;

// usrsctp's own timer thread ticks every 10 ms, but the shortest of its timers that we use, the delayed SACK, has
// 200 ms, and each tick walks all timers of all associations.
constexpr Duration kBusyTick = milliseconds(50);
// Nothing is under way but heartbeats, each 10 s: only far timers are left.
constexpr Duration kQuietTick = milliseconds(500);
constexpr Duration kQuietAfter = milliseconds(1000);

int on_output(void* address, void* buffer, std::size_t size, std::uint8_t /*tos*/, std::uint8_t /*set_df*/) {
  auto& process = UsrsctpProcess::instance();
  SctpMailbox* mailbox = process.find(reinterpret_cast<UsrsctpProcess::Id>(address));
  if (mailbox == nullptr) return 0;
  const MutableByteSpan packet(static_cast<std::uint8_t*>(buffer), size);
  if (!only_keeps_alive(packet)) process.note_traffic();
  finish_sctp_header(packet);
  mailbox->add_packet(packet);
  return 0;
}

void start_usrsctp() {
  // Each socket has a table of its associations by port, 2 KB of it. Ours have one association each. Only before init.
  usrsctp_tunable_set_sctp_pcbtblsize(1);
  // "No threads" still means one, for changes of the host's addresses (see docs/adr/0006); `usrsctp_finish` joins it.
  usrsctp_init_nothreads(0, on_output, nullptr);
  // Of packets on their way out it is made here, and of others nobody asks for it: see sctp_header.hpp.
  usrsctp_enable_crc32c_offload();
  // RFC 8831 §5 asks for reconfiguration and partial reliability. The rest is off: no address changes under DTLS, no
  // ECN to be seen through it, and less code that hostile chunks can reach.
  usrsctp_sysctl_set_sctp_reconfig_enable(1);
  usrsctp_sysctl_set_sctp_pr_enable(1);
  usrsctp_sysctl_set_sctp_ecn_enable(0);
  usrsctp_sysctl_set_sctp_asconf_enable(0);
  usrsctp_sysctl_set_sctp_auth_enable(0);
  usrsctp_sysctl_set_sctp_nrsack_enable(0);
  usrsctp_sysctl_set_sctp_pktdrop_enable(0);
}

// Sockets are closed with an abort, so nothing should be left; timers may still hold a reference for a moment.
void finish_usrsctp() {
  constexpr int kAttempts = 100;
  for (int i = 0; i < kAttempts && usrsctp_finish() != 0; ++i) usrsctp_handle_timers(100);
}

}  // namespace

// usrsctp's `gettimeofday` (see CMakeLists.txt): no clock below loop/, and simulated time is the only time there is.
extern "C" int noir_usrsctp_gettimeofday(timeval* now, void* /*zone*/) {
  const Duration clock = UsrsctpProcess::instance().clock();
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(clock);
  now->tv_sec = whole.count();
  now->tv_usec = std::chrono::duration_cast<std::chrono::microseconds>(clock - whole).count();
  return 0;
}

UsrsctpProcess& UsrsctpProcess::instance() {
  static UsrsctpProcess process;
  return process;
}

UsrsctpProcess::Entry::Entry(SctpLoopState& loop, SctpMailbox* caller) : lock_(instance().mutex_) {
  begin(loop, caller);
}

UsrsctpProcess::Entry::Entry(std::try_to_lock_t how, SctpLoopState& loop, SctpMailbox* caller)
    : lock_(instance().mutex_, how) {
  if (entered()) begin(loop, caller);
}

void UsrsctpProcess::Entry::begin(SctpLoopState& loop, SctpMailbox* caller) {
  UsrsctpProcess& process = instance();
  process.loop_inside_ = &loop;
  process.caller_inside_ = caller;
  process.entries_.fetch_add(1, std::memory_order_relaxed);
}

UsrsctpProcess::Entry::~Entry() {
  if (!entered()) return;
  UsrsctpProcess& process = instance();
  process.loop_inside_ = nullptr;
  process.caller_inside_ = nullptr;
  process.next_tick_ns_.store(process.tick_after_last().time_since_epoch().count(), std::memory_order_relaxed);
}

void UsrsctpProcess::acquire() {
  const std::scoped_lock lock(mutex_);
  if (users_++ == 0) start_usrsctp();
}

void UsrsctpProcess::release() {
  const std::scoped_lock lock(mutex_);
  if (--users_ == 0) finish_usrsctp();
}

UsrsctpProcess::Id UsrsctpProcess::add(SctpMailbox& mailbox) {
  const Id id = ++last_id_;
  mailboxes_.emplace(id, &mailbox);
  note_traffic();
  return id;
}

void UsrsctpProcess::remove(Id id, SctpMailbox& mailbox) {
  mailboxes_.erase(id);
  if (mailbox.is_in_ready_list) std::erase(mailbox.loop().ready, &mailbox);
  // With nobody to keep time for, the next association may begin at any time: simulations start over.
  if (mailboxes_.empty()) clock_started_ = false;
}

SctpMailbox* UsrsctpProcess::find(Id id) const {
  const auto found = mailboxes_.find(id);
  return found == mailboxes_.end() ? nullptr : found->second;
}

void UsrsctpProcess::notify(SctpMailbox& mailbox) {
  if (&mailbox == caller_inside_ || mailbox.is_in_ready_list) return;
  mailbox.is_in_ready_list = true;
  SctpLoopState& loop = mailbox.loop();
  loop.ready.push_back(&mailbox);
  loop.has_ready.store(true, std::memory_order_release);
  if (&loop != loop_inside_ && loop.waker != nullptr) loop.waker->wake();
}

// usrsctp's clock stands still but for these calls. Several loops make them; each passes on only what the others have
// not yet.
void UsrsctpProcess::advance(Instant now) {
  if (!clock_started_) {
    clock_started_ = true;
    last_tick_ = now;
    return;
  }
  const auto elapsed = std::chrono::duration_cast<milliseconds>(now - last_tick_);
  if (elapsed <= milliseconds::zero()) return;
  last_tick_ += elapsed;
  clock_ns_ += Duration(elapsed).count();
  quiet_ += elapsed;
  usrsctp_handle_timers(static_cast<std::uint32_t>(elapsed.count()));
}

Instant UsrsctpProcess::tick_after_last() const {
  if (!clock_started_) return Instant::min();
  return last_tick_ + (quiet_ < kQuietAfter ? kBusyTick : kQuietTick);
}

}  // namespace noir
