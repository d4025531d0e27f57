#include "bench/floor.hpp"

#include <netinet/udp.h>
#include <openssl/evp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "base/check.hpp"
#include "load/client_socket.hpp"
#include "loop/system_error.hpp"
#include "srtp/vector_gcm.hpp"

namespace noir {

namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kMaxRunBytes = 65'000;
// About half a second of work.
constexpr std::size_t kPackets = 200'000;
constexpr std::size_t kFramesBetweenReads = 16;
constexpr Duration kPacedTime = std::chrono::milliseconds(1500);
constexpr Duration kReadInterval = std::chrono::milliseconds(20);  // As the load generator reads.

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Duration cpu_used() {
  timespec used{};
  (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + Duration(used.tv_nsec);
}

struct Subscriber {
  FileDescriptor socket;
  SystemAddress address{};
  Cipher cipher{nullptr, &EVP_CIPHER_CTX_free};
  std::unique_ptr<VectorGcm> own_cipher;  // In its place, unless null.
};

Subscriber make_subscriber(std::size_t number, FloorCipher cipher) {
  Subscriber subscriber;
  subscriber.socket = FileDescriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int fd = subscriber.socket.get();
  const int buffer_bytes = 1 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) != 0) {
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  }
  socklen_t size = to_system(SocketAddress::v4(127, 0, 0, 1, 0), subscriber.address);
  if (::bind(fd, &subscriber.address.any, size) != 0) throw_system_error("cannot bind UDP", errno);
  size = sizeof subscriber.address;
  (void)::getsockname(fd, &subscriber.address.any, &size);
  subscriber.cipher.reset(EVP_CIPHER_CTX_new());
  std::array<std::uint8_t, 16> key{};
  store_be32(key.data(), static_cast<std::uint32_t>(number));
  NOIR_CHECK(EVP_EncryptInit_ex(subscriber.cipher.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr) == 1);
  const auto unit = fastest_vector_unit();
  if (cipher == FloorCipher::kOwn && unit) subscriber.own_cipher = std::make_unique<VectorGcm>(key, *unit);
  return subscriber;
}

void encrypt(const VectorGcm& cipher, const GcmIv& iv, ByteSpan in, std::uint8_t* out) {
  const std::size_t clear = in.size() - kTagBytes;
  std::memcpy(out, in.data(), kHeaderBytes);
  (void)cipher.seal(iv, {out, kHeaderBytes}, in.subspan(kHeaderBytes, clear - kHeaderBytes), out + kHeaderBytes,
                    out + clear);
}

void encrypt(EVP_CIPHER_CTX* cipher, const GcmIv& iv, ByteSpan in, std::uint8_t* out) {
  int written = 0;
  const std::size_t clear = in.size() - kTagBytes;
  std::memcpy(out, in.data(), kHeaderBytes);
  EVP_EncryptInit_ex(cipher, nullptr, nullptr, nullptr, iv.data());
  EVP_EncryptUpdate(cipher, nullptr, &written, out, static_cast<int>(kHeaderBytes));
  EVP_EncryptUpdate(cipher, out + kHeaderBytes, &written, in.data() + kHeaderBytes,
                    static_cast<int>(clear - kHeaderBytes));
  EVP_EncryptFinal_ex(cipher, out + clear, &written);
  EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, kTagBytes, out + clear);
}

void send_run(int fd, Subscriber& to, std::span<std::uint8_t> run, std::size_t packet_bytes) {
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> control{};
  iovec data{run.data(), run.size()};
  msghdr header{};
  header.msg_name = &to.address;
  header.msg_namelen = sizeof to.address.v4;
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  if (run.size() > packet_bytes) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* segment = CMSG_FIRSTHDR(&header);
    segment->cmsg_level = SOL_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(packet_bytes);
    std::memcpy(CMSG_DATA(segment), &size, sizeof size);
  }
  if (::sendmsg(fd, &header, 0) < 0) throw_system_error("cannot send UDP", errno);
}

void drain(int fd) {
  std::array<std::uint8_t, 2048> sink{};
  while (::recv(fd, sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
  }
}

/// The sockets and keys of all subscribers, and what is sent to them.
class FloorLoad {
 public:
  explicit FloorLoad(const FloorParams& params)
      : packet_bytes_(params.packet_bytes),
        per_run_(std::clamp<std::size_t>(params.packets_per_run, 1, kMaxRunBytes / params.packet_bytes)),
        source_(per_run_ * packet_bytes_, 0x5A),
        run_(source_.size()) {
    NOIR_CHECK(packet_bytes_ > kHeaderBytes + kTagBytes);
    for (std::size_t i = 0; i < params.subscribers; ++i) subscribers_.push_back(make_subscriber(i, params.cipher));
  }

  [[nodiscard]] std::size_t packets_per_frame() const { return per_run_ * subscribers_.size(); }

  void send_frame(std::size_t frame) {
    for (Subscriber& subscriber : subscribers_) {
      for (std::size_t k = 0; k < per_run_; ++k) {
        GcmIv iv{};
        store_be64(iv.data() + 4, frame * per_run_ + k);
        const std::size_t at = k * packet_bytes_;
        const ByteSpan plain = ByteSpan(source_).subspan(at, packet_bytes_);
        if (subscriber.own_cipher) {
          encrypt(*subscriber.own_cipher, iv, plain, run_.data() + at);
        } else {
          encrypt(subscriber.cipher.get(), iv, plain, run_.data() + at);
        }
      }
      send_run(sender_.get(), subscriber, run_, packet_bytes_);
    }
  }

  void drain_all() const {
    for (const Subscriber& subscriber : subscribers_) drain(subscriber.socket.get());
  }

 private:
  const std::size_t packet_bytes_;
  const std::size_t per_run_;
  const FileDescriptor sender_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const std::vector<std::uint8_t> source_;
  std::vector<std::uint8_t> run_;
  std::vector<Subscriber> subscribers_;
};

Duration per_packet(Duration used, std::size_t packets) { return used / static_cast<Duration::rep>(packets); }

}  // namespace

Duration measure_floor(const FloorParams& params) {
  FloorLoad load(params);
  const std::size_t frames = std::max<std::size_t>(kPackets / load.packets_per_frame(), 2 * kFramesBetweenReads);
  Duration receivers{};
  const Duration begin = cpu_used();
  for (std::size_t frame = 0; frame < frames; ++frame) {
    load.send_frame(frame);
    if (frame % kFramesBetweenReads != kFramesBetweenReads - 1) continue;
    const Duration before = cpu_used();
    load.drain_all();
    receivers += cpu_used() - before;
  }
  return per_packet(cpu_used() - begin - receivers, frames * load.packets_per_frame());
}

Duration measure_paced_floor(const FloorParams& params, Duration frame_interval) {
  FloorLoad load(params);
  std::atomic<bool> done{false};
  std::thread receivers([&] {
    while (!done) {
      std::this_thread::sleep_for(kReadInterval);
      load.drain_all();
    }
  });
  const auto frames = static_cast<std::size_t>(std::max<Duration::rep>(kPacedTime / frame_interval, 1));
  auto next = std::chrono::steady_clock::now();
  const Duration begin = cpu_used();
  for (std::size_t frame = 0; frame < frames; ++frame) {
    load.send_frame(frame);
    next += frame_interval;
    std::this_thread::sleep_until(next);
  }
  const Duration used = cpu_used() - begin;
  done = true;
  receivers.join();
  return per_packet(used, frames * load.packets_per_frame());
}

}  // namespace noir
