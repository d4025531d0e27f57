#include "jni/native_loop.hpp"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "jni/event_writer.hpp"
#include "jni/explanation_writer.hpp"
#include "jni/guard.hpp"
#include "jni/wire.hpp"
#include "loop/clock.hpp"
#include "loop/foreign_socket.hpp"
#include "loop/loop.hpp"
#include "sfu/explanation.hpp"

namespace noir {

namespace {

/// Java's Native.ABI_VERSION.
constexpr jint kAbiVersion = 19;

/// What a handle points to.
struct NativeLoop {
  NativeLoop(const LoopConfig& config, const Certificate& certificate, MutableByteSpan events)
      : loop(config, certificate), writer(events) {}

  Loop loop;
  EventWriter writer;  // Into Java's direct buffer, which outlives the handle.
};

// A handle is the address: `create` gave it.
// NOLINTNEXTLINE(performance-no-int-to-ptr)
NativeLoop& at(jlong handle) { return *reinterpret_cast<NativeLoop*>(handle); }
Sfu& sfu(jlong handle) { return at(handle).loop.sfu(); }
std::uint32_t id(jint value) { return static_cast<std::uint32_t>(value); }

/// A command with parameters in wire format.
template <typename Read, typename Call>
jint command(JNIEnv* env, jbyteArray params, Read read, Call call) {
  return guard(env, [&]() -> jint {
    const auto bytes = copy_bytes(env, params);
    const auto decoded = read(ByteSpan(bytes));
    return decoded ? to_jint(call(*decoded)) : to_jint(decoded.error());
  });
}

jint abi_version(JNIEnv*, jclass) { return kAbiVersion; }

void append(std::vector<std::uint8_t>& out, ByteSpan bytes) {
  for (std::size_t shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(bytes.size() >> shift));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

jbyteArray to_java(JNIEnv* env, const std::vector<std::uint8_t>& bytes) {
  const auto size = static_cast<jsize>(bytes.size());
  jbyteArray array = env->NewByteArray(size);
  if (array != nullptr) env->SetByteArrayRegion(array, 0, size, reinterpret_cast<const jbyte*>(bytes.data()));
  return array;
}

jbyteArray generate_certificate(JNIEnv* env, jclass) {
  return guard(env, [&]() -> jbyteArray {
    const Result<Certificate> certificate = Certificate::generate();
    if (!certificate) throw CodedError(certificate.error(), "cannot make a certificate");
    std::vector<std::uint8_t> parts;
    append(parts, certificate->der());
    append(parts, certificate->private_key_der());
    return to_java(env, parts);
  });
}

jlong create(JNIEnv* env, jclass, jbyteArray config, jobject events) {
  return guard(env, [&]() -> jlong {
    const auto bytes = copy_bytes(env, config);
    const Result<wire::OpenConfig> opening = wire::read_config(bytes);
    if (!opening) throw CodedError(opening.error(), "malformed loop configuration");
    const Result<Certificate> certificate = Certificate::from_der(opening->certificate_der, opening->private_key_der);
    if (!certificate) throw CodedError(certificate.error(), "the DTLS certificate or its key is not usable");
    auto* address = static_cast<std::uint8_t*>(env->GetDirectBufferAddress(events));
    const auto capacity = static_cast<std::size_t>(env->GetDirectBufferCapacity(events));
    if (address == nullptr || capacity < EventWriter::kHeaderSize + opening->loop.limits.max_message_bytes) {
      throw CodedError(ErrorCode::kBufferTooSmall, "the event buffer does not hold the largest event");
    }
    auto loop = std::make_unique<NativeLoop>(opening->loop, *certificate, MutableByteSpan(address, capacity));
    return reinterpret_cast<jlong>(loop.release());
  });
}

void destroy(JNIEnv* env, jclass, jlong handle) {
  guard(env, [&] { std::unique_ptr<NativeLoop>(&at(handle)).reset(); });
}

void wakeup(JNIEnv*, jclass, jlong handle) { at(handle).loop.wakeup(); }

void release_freed_memory(JNIEnv*, jclass) { (void)::malloc_trim(0); }

jint port(JNIEnv*, jclass, jlong handle) { return at(handle).loop.port(); }

jboolean accepts_tcp(JNIEnv*, jclass, jlong handle) { return at(handle).loop.accepts_tcp() ? JNI_TRUE : JNI_FALSE; }

/// The file descriptor of a java.nio.channels.SocketChannel, or -1: what this JDK makes them of does not tell.
jint descriptor(JNIEnv* env, jclass, jobject channel) {
  const jmethodID get = env->GetMethodID(env->GetObjectClass(channel), "getFDVal", "()I");
  const jint fd = get == nullptr ? -1 : env->CallIntMethod(channel, get);
  if (env->ExceptionCheck() == JNI_FALSE) return fd;
  env->ExceptionClear();
  return -1;
}

/// What waits to be read, without reading it: how much, 0 for nothing yet, -1 for nothing any more.
jint peek_first(JNIEnv* env, jclass self, jobject channel, jbyteArray into) {
  std::array<std::uint8_t, 64> bytes{};
  const auto size = std::min(bytes.size(), static_cast<std::size_t>(env->GetArrayLength(into)));
  const int count = peek(descriptor(env, self, channel), MutableByteSpan(bytes).first(size));
  if (count > 0) env->SetByteArrayRegion(into, 0, count, reinterpret_cast<const jbyte*>(bytes.data()));
  return count;
}

jboolean adopt(JNIEnv* env, jclass self, jlong handle, jobject channel) {
  return guard(env, [&]() -> jboolean {
    FileDescriptor own = duplicate(descriptor(env, self, channel));
    return own.get() >= 0 && at(handle).loop.adopt(std::move(own)) ? JNI_TRUE : JNI_FALSE;
  });
}

jint run(JNIEnv* env, jclass, jlong handle, jlong deadline_ns) {
  return guard(env, [&]() -> jint {
    NativeLoop& native = at(handle);
    native.writer.clear();
    native.loop.run(Instant(Duration(deadline_ns)), native.writer);
    return static_cast<jint>(native.writer.size());
  });
}

void connect(JNIEnv* env, jclass, jlongArray handles) {
  guard(env, [&] {
    std::vector<jlong> all(static_cast<std::size_t>(env->GetArrayLength(handles)));
    env->GetLongArrayRegion(handles, 0, static_cast<jsize>(all.size()), all.data());
    std::vector<Loop*> loops(all.size());
    std::transform(all.begin(), all.end(), loops.begin(), [](jlong handle) { return &at(handle).loop; });
    Loop::connect(loops);
  });
}

jint open_transport(JNIEnv* env, jclass, jlong handle, jbyteArray params) {
  return command(env, params, wire::read_transport,
                 [&](const TransportParams& p) { return sfu(handle).open_transport(monotonic_now(), p); });
}

jint set_remote(JNIEnv* env, jclass, jlong handle, jint transport, jbyteArray params) {
  return command(env, params, wire::read_remote,
                 [&](const RemoteParams& p) { return sfu(handle).set_remote(monotonic_now(), id(transport), p); });
}

jint restart_ice(JNIEnv* env, jclass, jlong handle, jint transport, jbyteArray params) {
  return command(env, params, wire::read_credentials, [&](const wire::Credentials& c) {
    return sfu(handle).restart_ice(monotonic_now(), id(transport), c.ufrag, c.pwd);
  });
}

jint close_transport(JNIEnv* env, jclass, jlong handle, jint transport) {
  return guard(env, [&] { return to_jint(sfu(handle).close_transport(monotonic_now(), id(transport))); });
}

jint set_extensions(JNIEnv* env, jclass, jlong handle, jint transport, jbyteArray params) {
  return command(env, params, wire::read_extensions, [&](const std::vector<ExtensionIds>& sets) {
    return sfu(handle).set_extensions(id(transport), sets);
  });
}

jint add_track(JNIEnv* env, jclass, jlong handle, jint publisher, jbyteArray params) {
  return command(env, params, wire::read_track,
                 [&](const TrackParams& p) { return sfu(handle).add_track(monotonic_now(), id(publisher), p); });
}

jint remove_track(JNIEnv* env, jclass, jlong handle, jint track) {
  return guard(env, [&] { return to_jint(sfu(handle).remove_track(monotonic_now(), id(track))); });
}

jint set_squelched(JNIEnv* env, jclass, jlong handle, jint track, jboolean squelched) {
  return guard(env,
               [&] { return to_jint(sfu(handle).set_squelched(monotonic_now(), id(track), squelched != JNI_FALSE)); });
}

jint add_down_track(JNIEnv* env, jclass, jlong handle, jint subscriber, jint track, jbyteArray params) {
  return command(env, params, wire::read_down_track, [&](const DownTrackParams& p) {
    return sfu(handle).add_down_track(monotonic_now(), id(subscriber), id(track), p);
  });
}

jint add_mirrored_down_track(JNIEnv* env, jclass, jlong handle, jint subscriber, jint loop, jint track,
                             jbyteArray track_params, jbyteArray params) {
  return command(env, track_params, wire::read_track, [&](const TrackParams& source) -> Result<DownTrackId> {
    const auto bytes = copy_bytes(env, params);
    const auto decoded = wire::read_down_track(bytes);
    if (!decoded) return decoded.error();
    if (loop < 0 || loop > UINT16_MAX) return ErrorCode::kInvalidArgument;
    const TrackOrigin origin{static_cast<LoopIndex>(loop), id(track)};
    if (!at(handle).loop.connects_to(origin.loop)) return ErrorCode::kInvalidArgument;
    return sfu(handle).add_mirrored_down_track(monotonic_now(), id(subscriber), origin, source, *decoded);
  });
}

jint remove_down_track(JNIEnv* env, jclass, jlong handle, jint down_track) {
  return guard(env, [&] { return to_jint(sfu(handle).remove_down_track(monotonic_now(), id(down_track))); });
}

jint set_down_track(JNIEnv* env, jclass, jlong handle, jint down_track, jboolean muted, jint spatial, jint temporal,
                    jint width, jint height, jint priority) {
  return guard(env, [&] {
    const DownTrackWish wish{.muted = muted != JNI_FALSE,
                             .max_spatial = spatial,
                             .max_temporal = temporal,
                             .width = static_cast<std::uint16_t>(std::clamp<jint>(width, 0, UINT16_MAX)),
                             .height = static_cast<std::uint16_t>(std::clamp<jint>(height, 0, UINT16_MAX)),
                             .priority = static_cast<std::uint8_t>(std::clamp<jint>(priority, 0, UINT8_MAX))};
    return to_jint(sfu(handle).set_down_track(monotonic_now(), id(down_track), wish));
  });
}

jint add_tap(JNIEnv* env, jclass, jlong handle, jint track) {
  return guard(env, [&] { return to_jint(sfu(handle).add_tap(monotonic_now(), id(track))); });
}

jint remove_tap(JNIEnv* env, jclass, jlong handle, jint tap) {
  return guard(env, [&] { return to_jint(sfu(handle).remove_tap(id(tap))); });
}

jint inject(JNIEnv* env, jclass, jlong handle, jint track, jboolean key, jlong captured_us, jbyteArray codec_private,
            jbyteArray data) {
  return guard(env, [&]() -> jint {
    // Before anything is copied.
    const bool sized = env->GetArrayLength(data) <= static_cast<jsize>(Packetizer::kMaxFrame) &&
                       env->GetArrayLength(codec_private) <= static_cast<jsize>(Packetizer::kMaxPrivate);
    if (!sized) return to_jint(ErrorCode::kMalformed);
    const auto head = copy_bytes(env, codec_private);
    const auto bytes = copy_bytes(env, data);
    const SourceFrame frame{key != JNI_FALSE, head, bytes};
    return to_jint(sfu(handle).inject(monotonic_now(), id(track), captured_us, frame));
  });
}

jint open_channel(JNIEnv* env, jclass, jlong handle, jint transport, jbyteArray params) {
  return command(env, params, wire::read_channel, [&](const wire::ChannelParams& p) {
    return sfu(handle).open_channel(monotonic_now(), id(transport), p.label, p.ordered);
  });
}

jint send(JNIEnv* env, jclass, jlong handle, jint transport, jint stream, jboolean binary, jbyteArray message) {
  return guard(env, [&]() -> jint {
    if (stream < 0 || stream > UINT16_MAX) return to_jint(ErrorCode::kNotFound);
    const auto bytes = copy_bytes(env, message);
    return to_jint(sfu(handle).send(monotonic_now(), id(transport), static_cast<std::uint16_t>(stream),
                                    binary != JNI_FALSE, bytes));
  });
}

jint close_channel(JNIEnv* env, jclass, jlong handle, jint transport, jint stream) {
  return guard(env, [&]() -> jint {
    if (stream < 0 || stream > UINT16_MAX) return to_jint(ErrorCode::kNotFound);
    return to_jint(sfu(handle).close_channel(monotonic_now(), id(transport), static_cast<std::uint16_t>(stream)));
  });
}

std::vector<jint> copy_ints(JNIEnv* env, jintArray array) {
  std::vector<jint> ints(static_cast<std::size_t>(env->GetArrayLength(array)));
  env->GetIntArrayRegion(array, 0, static_cast<jsize>(ints.size()), ints.data());
  return ints;
}

jint send_all(JNIEnv* env, jclass, jlong handle, jintArray transports, jintArray streams, jboolean binary,
              jbyteArray message) {
  return guard(env, [&]() -> jint {
    const auto transport_ids = copy_ints(env, transports);
    const auto stream_ids = copy_ints(env, streams);
    if (transport_ids.size() != stream_ids.size()) return to_jint(ErrorCode::kInvalidArgument);
    std::vector<ChannelId> channels(transport_ids.size());
    for (std::size_t i = 0; i < channels.size(); ++i) {
      channels[i] = {id(transport_ids[i]), static_cast<std::uint16_t>(stream_ids[i])};
    }
    const auto bytes = copy_bytes(env, message);
    return static_cast<jint>(sfu(handle).send(monotonic_now(), channels, binary != JNI_FALSE, bytes));
  });
}

/// In the order of Java's LoopCounters.
jint counters(JNIEnv* env, jclass, jlong handle, jlongArray values) {
  return guard(env, [&]() -> jint {
    const LoopCounters loop = at(handle).loop.counters();
    const SfuCounters& c = loop.sfu;
    const std::array<std::uint64_t, 39> all{c.datagrams_in,
                                            c.datagrams_out,
                                            c.bytes_in,
                                            c.bytes_out,
                                            c.packets_forwarded,
                                            c.packets_retransmitted,
                                            c.packets_handed_over,
                                            c.packets_squelched,
                                            c.packets_late,
                                            c.packets_unread,
                                            c.packets_refused,
                                            c.datagrams_at_wrong_loop,
                                            c.checks_for_other_nodes,
                                            c.bytes_held_back,
                                            c.dropped_unknown_path,
                                            c.dropped_stun,
                                            c.dropped_dtls,
                                            c.dropped_srtp,
                                            c.dropped_rtp,
                                            c.dropped_rtcp,
                                            c.dropped_sctp,
                                            c.dropped_messages,
                                            c.channels_too_slow,
                                            loop.dropped_receive,
                                            loop.dropped_send,
                                            loop.dropped_handover,
                                            at(handle).writer.dropped(),
                                            loop.gso_refused,
                                            loop.tcp.opened,
                                            loop.tcp.refused,
                                            loop.tcp.dropped,
                                            c.bugs,
                                            c.transports,
                                            c.tracks,
                                            c.squelched_tracks,
                                            c.down_tracks,
                                            c.mirrors,
                                            c.packet_buffers,
                                            loop.tcp.connections};
    if (env->GetArrayLength(values) != static_cast<jsize>(all.size())) return to_jint(ErrorCode::kInvalidArgument);
    std::array<jlong, all.size()> out{};
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = static_cast<jlong>(all[i]);
    env->SetLongArrayRegion(values, 0, static_cast<jsize>(out.size()), out.data());
    return 0;
  });
}

/// How many there are; an error when the array does not take them.
jint fill(JNIEnv* env, jlongArray values, std::span<const jlong> all) {
  if (env->GetArrayLength(values) < static_cast<jsize>(all.size())) return to_jint(ErrorCode::kInvalidArgument);
  env->SetLongArrayRegion(values, 0, static_cast<jsize>(all.size()), all.data());
  return static_cast<jint>(all.size());
}

/// In the order of Java's LoopQuality.
jint quality(JNIEnv* env, jclass, jlong handle, jlongArray values) {
  return guard(env, [&]() -> jint {
    const SfuQuality q = sfu(handle).quality(monotonic_now());
    std::vector<jlong> all;
    const auto add = [&](std::uint64_t value) { all.push_back(static_cast<jlong>(value)); };
    const auto add_all = [&](const auto& many) { std::for_each(many.begin(), many.end(), add); };
    for (const auto* distribution : {&q.delays, &q.paced_delays, &q.estimates}) {
      add_all(distribution->counts());
      add(distribution->sum());
    }
    add_all(std::array{q.feedback, q.feedback_unmatched, q.packets_expected, q.packets_received, q.octets_received});
    add_all(std::array{q.audio_tracks, q.video_tracks});
    for (const auto* counts : {&q.switches_up, &q.switches_down, &q.freezes}) add_all(*counts);
    return fill(env, values, all);
  });
}

jlong to_java(const std::optional<Layer>& layer) { return layer ? layer->spatial << 8 | layer->temporal : -1; }

/// Five numbers each, in the order of Java's LayerSwitch.
jint take_layer_switches(JNIEnv* env, jclass, jlong handle, jlongArray values) {
  return guard(env, [&]() -> jint {
    std::vector<jlong> all;
    for (const LayerSwitch& one : sfu(handle).take_layer_switches()) {
      const auto cause = static_cast<jlong>(one.cause);
      all.insert(all.end(), {one.subscriber, one.track, to_java(one.from), to_java(one.to), cause});
    }
    return fill(env, values, all);
  });
}

/// Null for a stale id.
jbyteArray explain(JNIEnv* env, jclass, jlong handle, jint transport) {
  return guard(env, [&]() -> jbyteArray {
    const auto explanation = sfu(handle).explain(monotonic_now(), id(transport));
    return explanation ? to_java(env, wire::write_explanation(*explanation)) : nullptr;
  });
}

template <typename F>
JNINativeMethod entry(const char* name, const char* signature, F* function) {
  // The JNI's own type has no const though nothing is written through it.
  return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

}  // namespace

std::span<const JNINativeMethod> native_methods() {
  static const std::array kMethods{
      entry("abiVersion", "()I", abi_version),
      entry("generateCertificate", "()[B", generate_certificate),
      entry("create", "([BLjava/nio/ByteBuffer;)J", create),
      entry("destroy", "(J)V", destroy),
      entry("wakeup", "(J)V", wakeup),
      entry("releaseFreedMemory", "()V", release_freed_memory),
      entry("port", "(J)I", port),
      entry("acceptsTcp", "(J)Z", accepts_tcp),
      entry("descriptor", "(Ljava/nio/channels/SocketChannel;)I", descriptor),
      entry("peek", "(Ljava/nio/channels/SocketChannel;[B)I", peek_first),
      entry("adopt", "(JLjava/nio/channels/SocketChannel;)Z", adopt),
      entry("run", "(JJ)I", run),
      entry("connect", "([J)V", connect),
      entry("openTransport", "(J[B)I", open_transport),
      entry("setRemote", "(JI[B)I", set_remote),
      entry("restartIce", "(JI[B)I", restart_ice),
      entry("closeTransport", "(JI)I", close_transport),
      entry("setExtensions", "(JI[B)I", set_extensions),
      entry("addTrack", "(JI[B)I", add_track),
      entry("removeTrack", "(JI)I", remove_track),
      entry("setSquelched", "(JIZ)I", set_squelched),
      entry("addDownTrack", "(JII[B)I", add_down_track),
      entry("addMirroredDownTrack", "(JIII[B[B)I", add_mirrored_down_track),
      entry("removeDownTrack", "(JI)I", remove_down_track),
      entry("setDownTrack", "(JIZIIIII)I", set_down_track),
      entry("addTap", "(JI)I", add_tap),
      entry("removeTap", "(JI)I", remove_tap),
      entry("inject", "(JIZJ[B[B)I", inject),
      entry("openChannel", "(JI[B)I", open_channel),
      entry("send", "(JIIZ[B)I", send),
      entry("closeChannel", "(JII)I", close_channel),
      entry("sendAll", "(J[I[IZ[B)I", send_all),
      entry("counters", "(J[J)I", counters),
      entry("quality", "(J[J)I", quality),
      entry("takeLayerSwitches", "(J[J)I", take_layer_switches),
      entry("explain", "(JI)[B", explain),
  };
  return kMethods;
}

}  // namespace noir
