#include "sctp/usrsctp_socket.hpp"

#include <arpa/inet.h>
#include <usrsctp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "sctp/sctp_header.hpp"

namespace noir {

namespace {

// RFC 8261 §5: what fits into one 1200-byte datagram beside 37 bytes of a DTLS 1.2 AES-GCM record, in whole words.
constexpr std::uint32_t kPathMtu = 1160 - 12;  // usrsctp adds the common header over AF_CONN.
// RFC 9260 §16 means the open Internet: 1 s at least and backing off to 60 s. A client's browser (libwebrtc's dcSCTP)
// waits 3 s at most; whether it is gone is for consent (RFC 7675) to say, so this limit stays behind those 30 s.
constexpr std::uint32_t kRtoInitial_ms = 500;
constexpr std::uint32_t kRtoMin_ms = 300;
constexpr std::uint32_t kRtoMax_ms = 3000;
constexpr std::uint32_t kHeartbeatInterval_ms = 8000;  // And once to one and a half times the retransmission timeout.
constexpr std::uint16_t kMaxRetransmissions = 20;
constexpr std::size_t kMinBuffer = 131'072;
constexpr std::size_t kMaxPacket = 65'535;

void on_reset_event(SctpMailbox& mailbox, ByteSpan bytes) {
  constexpr std::size_t kHeader = offsetof(sctp_stream_reset_event, strreset_stream_list);
  if (bytes.size() < kHeader) return;
  std::uint16_t flags = 0;
  std::memcpy(&flags, bytes.data() + offsetof(sctp_stream_reset_event, strreset_flags), sizeof flags);
  std::vector<std::uint16_t> streams((bytes.size() - kHeader) / sizeof(std::uint16_t));
  if (!streams.empty()) std::memcpy(streams.data(), bytes.data() + kHeader, streams.size() * sizeof(std::uint16_t));
  const bool performed = (flags & (SCTP_STREAM_RESET_DENIED | SCTP_STREAM_RESET_FAILED)) == 0;
  if ((flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0 && performed) mailbox.add_reset(true, true, streams);
  if ((flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0) mailbox.add_reset(false, performed, streams);
}

void on_association_change(SctpMailbox& mailbox, const sctp_assoc_change& change) {
  switch (change.sac_state) {
    case SCTP_COMM_UP:
      return mailbox.add_up();
    case SCTP_COMM_LOST:
    case SCTP_SHUTDOWN_COMP:
    case SCTP_CANT_STR_ASSOC:
    case SCTP_RESTART:  // RFC 9260 §5.2.4: the peer forgot its channels.
      return mailbox.add_lost();
    default:
      return;
  }
}

void on_notification(SctpMailbox& mailbox, ByteSpan bytes) {
  union sctp_notification notification {};
  std::memcpy(&notification, bytes.data(), std::min(bytes.size(), sizeof notification));
  if (bytes.size() < sizeof notification.sn_header || notification.sn_header.sn_length > bytes.size()) return;
  switch (notification.sn_header.sn_type) {
    case SCTP_ASSOC_CHANGE:
      return on_association_change(mailbox, notification.sn_assoc_change);
    case SCTP_SHUTDOWN_EVENT:
      return mailbox.add_lost();
    case SCTP_STREAM_RESET_EVENT:
      return on_reset_event(mailbox, bytes.first(notification.sn_header.sn_length));
    default:
      return;
  }
}

int on_receive(struct socket* /*socket*/, union sctp_sockstore /*address*/, void* data, std::size_t size,
               struct sctp_rcvinfo info, int flags, void* id) {
  const std::unique_ptr<void, decltype(&std::free)> owned(data, &std::free);  // Made by usrsctp with malloc.
  SctpMailbox* mailbox = UsrsctpProcess::instance().find(reinterpret_cast<UsrsctpProcess::Id>(id));
  if (mailbox == nullptr || data == nullptr) return 1;
  const ByteSpan bytes(static_cast<const std::uint8_t*>(data), size);
  if ((flags & MSG_NOTIFICATION) != 0) {
    on_notification(*mailbox, bytes);
  } else {
    mailbox->add_data({info.rcv_sid, info.rcv_tsn, ntohl(info.rcv_ppid)}, bytes, (flags & MSG_EOR) != 0);
  }
  return 1;
}

void* as_address(UsrsctpProcess::Id id) { return reinterpret_cast<void*>(id); }  // NOLINT(performance-no-int-to-ptr)

// See sctp_header.hpp. In network order, and so that consecutive ids are spread over usrsctp's table, which takes the
// last bits of it. Two sockets may have the same: they have different addresses.
std::uint16_t local_port(UsrsctpProcess::Id id) { return static_cast<std::uint16_t>(1 + id % UINT16_MAX); }

sockaddr_conn address_of(UsrsctpProcess::Id id, std::uint16_t port) {
  sockaddr_conn address{};
  address.sconn_family = AF_CONN;
  address.sconn_port = port;
  address.sconn_addr = as_address(id);
  return address;
}

template <typename T>
bool set_option(struct socket* socket, int level, int name, const T& value) {
  return usrsctp_setsockopt(socket, level, name, &value, sizeof value) == 0;
}

}  // namespace

UsrsctpSocket::UsrsctpSocket(std::shared_ptr<SctpLoopState> loop, std::uint32_t tag, std::size_t max_message_bytes,
                             std::uint16_t streams)
    : loop_(std::move(loop)),
      mailbox_(tag, max_message_bytes, loop_),
      max_message_bytes_(max_message_bytes),
      streams_(streams) {}

UsrsctpSocket::~UsrsctpSocket() {
  if (id_ == 0) return;
  const UsrsctpProcess::Entry entry(*loop_, &mailbox_);
  close();
}

bool UsrsctpSocket::connect() {
  if (socket_ != nullptr) return true;
  if (id_ == 0) id_ = UsrsctpProcess::instance().add(mailbox_);
  usrsctp_register_address(as_address(id_));
  if (open()) return true;
  if (socket_ != nullptr) usrsctp_close(socket_);
  socket_ = nullptr;
  usrsctp_deregister_address(as_address(id_));
  return false;
}

bool UsrsctpSocket::open() {
  socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, on_receive, nullptr, 0, as_address(id_));
  if (socket_ == nullptr || !configure() || !subscribe()) return false;
  sockaddr_conn local = address_of(id_, local_port(id_));
  if (usrsctp_bind(socket_, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) return false;
  sockaddr_conn address = address_of(id_, htons(kSctpPort));
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (usrsctp_connect(socket_, generic, sizeof address) != 0 && errno != EINPROGRESS) return false;
  // Set when the peer's address is known, which is now.
  sctp_paddrparams path{};
  std::memcpy(&path.spp_address, &address, sizeof address);
  // An answer to a heartbeat is a sign of life of a client that sends no checks; a fixed size spares path MTU
  // discovery.
  path.spp_flags = SPP_HB_ENABLE | SPP_PMTUD_DISABLE;
  path.spp_hbinterval = kHeartbeatInterval_ms;
  path.spp_pathmtu = kPathMtu;
  path.spp_pathmaxrxt = kMaxRetransmissions;
  return set_option(socket_, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
}

bool UsrsctpSocket::configure() {
  // Close means abort, at once: nothing lingers (RFC 8831 §6.7 leaves that to DTLS anyway).
  const linger abort_on_close{1, 0};
  const int on = 1;
  const int buffer = static_cast<int>(std::max(2 * max_message_bytes_, kMinBuffer));
  sctp_assoc_value reset{};
  reset.assoc_id = SCTP_ALL_ASSOC;
  // RFC 6525 §5.2.5: who wants more streams is denied them, one request would be megabytes. There are enough for the
  // channels that he may have.
  reset.assoc_value = SCTP_ENABLE_RESET_STREAM_REQ;
  sctp_initmsg init{};
  init.sinit_num_ostreams = streams_;
  init.sinit_max_instreams = streams_;
  init.sinit_max_attempts = kMaxRetransmissions;
  init.sinit_max_init_timeo = kRtoMax_ms;
  sctp_rtoinfo rto{};
  rto.srto_assoc_id = SCTP_FUTURE_ASSOC;
  rto.srto_initial = kRtoInitial_ms;
  rto.srto_min = kRtoMin_ms;
  rto.srto_max = kRtoMax_ms;
  sctp_assocparams limits{};
  limits.sasoc_assoc_id = SCTP_FUTURE_ASSOC;
  limits.sasoc_asocmaxrxt = kMaxRetransmissions;
  return usrsctp_set_non_blocking(socket_, 1) == 0 && set_option(socket_, SOL_SOCKET, SO_LINGER, abort_on_close) &&
         set_option(socket_, SOL_SOCKET, SO_SNDBUF, buffer) && set_option(socket_, SOL_SOCKET, SO_RCVBUF, buffer) &&
         set_option(socket_, IPPROTO_SCTP, SCTP_NODELAY, on) &&
         set_option(socket_, IPPROTO_SCTP, SCTP_ENABLE_STREAM_RESET, reset) &&
         set_option(socket_, IPPROTO_SCTP, SCTP_INITMSG, init) &&
         set_option(socket_, IPPROTO_SCTP, SCTP_RTOINFO, rto) &&
         set_option(socket_, IPPROTO_SCTP, SCTP_ASSOCINFO, limits);
}

bool UsrsctpSocket::subscribe() {
  sctp_event event{};
  event.se_assoc_id = SCTP_ALL_ASSOC;
  event.se_on = 1;
  for (const int type : {SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT, SCTP_STREAM_RESET_EVENT}) {
    event.se_type = static_cast<std::uint16_t>(type);
    if (!set_option(socket_, IPPROTO_SCTP, SCTP_EVENT, event)) return false;
  }
  return true;
}

void UsrsctpSocket::handle_packet(ByteSpan packet) {
  if (packet.size() > kMaxPacket || socket_ == nullptr) return;
  const auto addressed = address_sctp_packet(packet, local_port(id_));
  if (!addressed) return;
  if (!only_keeps_alive(packet)) UsrsctpProcess::instance().note_traffic();
  usrsctp_conninput(as_address(id_), addressed->data(), addressed->size(), 0);
}

SctpSendResult UsrsctpSocket::send(const SctpSendInfo& info, ByteSpan message) {
  if (socket_ == nullptr) return SctpSendResult::kFailed;
  sctp_sendv_spa how{};
  how.sendv_flags = SCTP_SEND_SNDINFO_VALID;
  how.sendv_sndinfo.snd_sid = info.stream;
  how.sendv_sndinfo.snd_ppid = htonl(info.ppid);
  how.sendv_sndinfo.snd_flags = static_cast<std::uint16_t>(info.ordered ? 0 : SCTP_UNORDERED);
  if (info.reliability != DcepReliability::kReliable) {
    const bool by_count = info.reliability == DcepReliability::kLimitedRetransmissions;
    how.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    how.sendv_prinfo.pr_policy = static_cast<std::uint16_t>(by_count ? SCTP_PR_SCTP_RTX : SCTP_PR_SCTP_TTL);
    how.sendv_prinfo.pr_value = info.reliability_parameter;
  }
  const auto sent =
      usrsctp_sendv(socket_, message.data(), message.size(), nullptr, 0, &how, sizeof how, SCTP_SENDV_SPA, 0);
  if (sent >= 0) return SctpSendResult::kSent;
  if (errno == EWOULDBLOCK || errno == EAGAIN) return SctpSendResult::kLater;
  return errno == EINVAL ? SctpSendResult::kRefused : SctpSendResult::kFailed;  // EINVAL: the peer has fewer streams.
}

bool UsrsctpSocket::reset_streams(std::span<const std::uint16_t> streams) {
  if (socket_ == nullptr || streams.empty()) return true;
  // Words, not bytes: sctp_reset_streams is aligned.
  std::vector<std::uint32_t> words((sizeof(sctp_reset_streams) + streams.size_bytes() + 3) / 4);
  auto* request = reinterpret_cast<sctp_reset_streams*>(words.data());
  request->srs_assoc_id = SCTP_ALL_ASSOC;
  request->srs_flags = SCTP_STREAM_RESET_OUTGOING;
  request->srs_number_streams = static_cast<std::uint16_t>(streams.size());
  std::ranges::copy(streams, request->srs_stream_list);
  const auto size = static_cast<socklen_t>(sizeof(sctp_reset_streams) + streams.size_bytes());
  if (usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_RESET_STREAMS, request, size) == 0) return true;
  return errno == EOPNOTSUPP;  // A peer without RFC 6525: nothing to wait for.
}

std::size_t UsrsctpSocket::bytes_waiting() const {
  if (socket_ == nullptr) return 0;
  // usrsctp has this option, though its public header does not say so.
  constexpr int kSendBufferUse = 0x1101;  // SCTP_GET_SNDBUF_USE
  struct {
    sctp_assoc_t association;
    std::uint32_t sending;
    std::uint32_t receiving;
  } use{SCTP_ALL_ASSOC, 0, 0};
  sctp_status status{};
  socklen_t use_size = sizeof use;
  socklen_t status_size = sizeof status;
  if (usrsctp_getsockopt(socket_, IPPROTO_SCTP, kSendBufferUse, &use, &use_size) != 0) return 0;
  if (usrsctp_getsockopt(socket_, IPPROTO_SCTP, SCTP_STATUS, &status, &status_size) != 0) return 0;
  // It counts the headers of what is on its way.
  constexpr std::size_t kDataHeader = 16;
  const std::size_t headers = kDataHeader * status.sstat_unackdata;
  return use.sending - std::min<std::size_t>(use.sending, headers);
}

void UsrsctpSocket::abort() {
  if (socket_ == nullptr) return;
  usrsctp_close(socket_);
  socket_ = nullptr;
  usrsctp_deregister_address(as_address(id_));
}

void UsrsctpSocket::close() {
  abort();
  if (id_ != 0) UsrsctpProcess::instance().remove(id_, mailbox_);
  id_ = 0;
}

}  // namespace noir
