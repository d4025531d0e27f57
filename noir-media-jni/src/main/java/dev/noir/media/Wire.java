package dev.noir.media;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The format of variable parameters on their way to native code: little-endian integers; text and bytes follow their
 * u32 length, lists their u16 count. {@code jni/wire.cpp} is the other half; {@code src/test/resources/wire} holds
 * both together. Thread: any (confined to its maker).
 */
final class Wire {

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ORDER);

    Wire u8(int value) {
        return checked(value, 0xFF).room(Byte.BYTES, b -> b.put((byte) value));
    }

    Wire u16(int value) {
        return checked(value, 0xFFFF).room(Short.BYTES, b -> b.putShort((short) value));
    }

    Wire u32(long value) {
        return checked(value, 0xFFFF_FFFFL).room(Integer.BYTES, b -> b.putInt((int) value));
    }

    Wire flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    Wire bytes(byte[] value) {
        return u32(value.length).room(value.length, b -> b.put(value));
    }

    Wire text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toByteArray() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    static byte[] readBytes(ByteBuffer from) {
        byte[] value = new byte[from.getInt()];
        from.get(value);
        return value;
    }

    static byte[] config(MediaConfig config) {
        Wire wire = new Wire().u16(config.port()).u16(config.bindAddresses().size());
        for (InetAddress address : config.bindAddresses()) {
            wire.bytes(address.getAddress());
        }
        MediaLimits limits = config.limits();
        wire.bytes(config.certificate().der())
                .bytes(config.certificate().privateKeyDer())
                .u32(limits.maxTransports())
                .u32(limits.maxTracksPerTransport())
                .u32(limits.maxDownTracksPerTransport())
                .u32(limits.maxChannelsPerTransport())
                .u32(limits.maxMessageBytes())
                .u32(limits.maxPacketBuffers())
                .u32(config.node())
                .u32(config.audio().intervalMs())
                .u8(config.audio().threshold())
                .u8(config.audio().filterPercent())
                .u16(config.audio().loudest())
                .flag(config.tcp())
                .flag(config.playoutDelay().isPresent());
        config.playoutDelay()
                .ifPresent(delay -> wire.u16(delay.min() / PlayoutDelay.STEP).u16(delay.max() / PlayoutDelay.STEP));
        return wire.toByteArray();
    }

    static byte[] transport(TransportParams params) {
        return new Wire()
                .u8(params.role().code)
                .text(params.localUfrag())
                .text(params.localPwd())
                .u32(params.group())
                .toByteArray();
    }

    static byte[] remote(RemoteParams params) {
        return new Wire()
                .text(params.ufrag())
                .text(params.pwd())
                .bytes(params.fingerprintsSha256())
                .flag(params.passive())
                .toByteArray();
    }

    static byte[] credentials(String ufrag, String pwd) {
        return new Wire().text(ufrag).text(pwd).toByteArray();
    }

    static byte[] channel(String label, boolean ordered) {
        return new Wire().text(label).flag(ordered).toByteArray();
    }

    static byte[] extensions(List<HeaderExtensions> sets) {
        Wire wire = new Wire().u16(sets.size());
        sets.forEach(wire::ids);
        return wire.toByteArray();
    }

    static byte[] track(TrackParams params) {
        Wire wire = new Wire()
                .u8(params.kind().code)
                .text(params.mid())
                .u16(params.codecs().size());
        for (CodecParams codec : params.codecs()) {
            wire.u8(codec.payloadType())
                    .u8(codec.codec().code)
                    .u32(codec.clockRate())
                    .rtx(codec.rtxPayloadType());
        }
        wire.u16(params.encodings().size());
        for (EncodingParams encoding : params.encodings()) {
            wire.text(encoding.rid()).u32(encoding.ssrc()).u32(encoding.rtxSsrc());
        }
        return wire.flag(params.nack())
                .flag(params.pli())
                .flag(params.fir())
                .flag(params.transportCc())
                .flag(params.screen())
                .u32(params.stream())
                .toByteArray();
    }

    static byte[] downTrack(DownTrackParams params) {
        Wire wire = new Wire()
                .text(params.mid())
                .u32(params.ssrc())
                .u32(params.rtxSsrc())
                .u16(params.payloads().size());
        for (PayloadMapping mapping : params.payloads()) {
            wire.u8(mapping.sourcePt()).u8(mapping.payloadType()).rtx(mapping.rtxPayloadType());
        }
        return wire.ids(params.extensions()).text(params.cname()).toByteArray();
    }

    /** Native code knows no RTX as 0: payload type 0 is PCMU and never RTX (RFC 3551 §6). */
    private Wire rtx(int payloadType) {
        return u8(payloadType == PayloadMapping.NO_RTX ? 0 : payloadType);
    }

    private Wire ids(HeaderExtensions ids) {
        return u8(ids.mid())
                .u8(ids.rid())
                .u8(ids.repairedRid())
                .u8(ids.audioLevel())
                .u8(ids.transportSequence())
                .u8(ids.absSendTime())
                .u8(ids.videoOrientation())
                .u8(ids.dependencyDescriptor())
                .u8(ids.captureTime())
                .u8(ids.playoutDelay())
                .u8(ids.layersAllocation());
    }

    private Wire checked(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not within 0.." + max);
        }
        return this;
    }

    private Wire room(int size, java.util.function.Consumer<ByteBuffer> write) {
        if (buffer.remaining() < size) {
            int capacity = Math.max(buffer.capacity() * 2, buffer.position() + size);
            buffer = ByteBuffer.allocate(capacity).order(ORDER).put(buffer.flip());
        }
        write.accept(buffer);
        return this;
    }
}
