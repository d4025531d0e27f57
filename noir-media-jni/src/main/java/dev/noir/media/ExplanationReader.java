package dev.noir.media;

import dev.noir.media.TransportExplanation.Bandwidth;
import dev.noir.media.TransportExplanation.Encoding;
import dev.noir.media.TransportExplanation.Layer;
import dev.noir.media.TransportExplanation.Limit;
import dev.noir.media.TransportExplanation.Offered;
import dev.noir.media.TransportExplanation.Path;
import dev.noir.media.TransportExplanation.Reason;
import dev.noir.media.TransportExplanation.Received;
import dev.noir.media.TransportExplanation.Report;
import dev.noir.media.TransportExplanation.Sent;
import dev.noir.media.TransportExplanation.Usage;
import dev.noir.media.TransportExplanation.Waiting;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Decodes what {@link Native#explain} has given, in the order of the records: little-endian; text follows its u32 length,
 * a list its u16 count, what may be missing a u8 that is 1 when it is there. {@code jni/explanation_writer.cpp} is the
 * other half; {@code src/test/resources/wire/explanation.bin} holds both together. Thread: any (confined to its maker).
 */
final class ExplanationReader {

    private static final long NEVER = 0xFFFF_FFFFL;

    // Asked for, each time they are copied.
    private static final TransportRole[] ROLES = TransportRole.values();
    private static final MediaKind[] KINDS = MediaKind.values();
    private static final Limit[] LIMITS = Limit.values();
    private static final Usage[] USAGES = Usage.values();
    private static final Reason[] REASONS = Reason.values();

    private final ByteBuffer buffer;

    private ExplanationReader(byte[] bytes) {
        buffer = ByteBuffer.wrap(bytes).order(Wire.ORDER);
    }

    static TransportExplanation read(byte[] bytes) {
        try {
            ExplanationReader reader = new ExplanationReader(bytes);
            TransportExplanation explanation = reader.transport();
            if (reader.buffer.hasRemaining()) {
                throw malformed(reader.buffer.remaining() + " bytes too many");
            }
            return explanation;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw malformed("too short");
        }
    }

    private static MediaException malformed(String why) {
        return new MediaException(ErrorCode.MALFORMED, "explanation: " + why);
    }

    private TransportExplanation transport() {
        TransportRole role = one(ROLES);
        TransportState state = TransportState.of(u8());
        return new TransportExplanation(
                role,
                state,
                text(),
                flag(),
                u16(),
                optional(this::path),
                optional(this::bandwidth),
                new Waiting(u32(), u32(), u32()),
                u32(),
                list(this::received),
                list(this::sent));
    }

    private Path path() {
        int local = u16();
        byte[] ip = new byte[16];
        buffer.get(ip);
        return new Path(local, new InetSocketAddress(address(ip), u16()), flag(), u32(), u32());
    }

    /** An IPv4 address is in its mapped form, which makes an Inet4Address. */
    private static InetAddress address(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // It has 16 bytes.
        }
    }

    private Bandwidth bandwidth() {
        return new Bandwidth(
                i64(),
                i64(),
                i64(),
                i64(),
                i64(),
                i64(),
                i64(),
                one(LIMITS),
                one(USAGES),
                u32(),
                u32(),
                u32(),
                u16(),
                u16(),
                u32(),
                u32(),
                i64(),
                i64(),
                flag());
    }

    private Received received() {
        return new Received(new TrackId(buffer.getInt()), text(), kind(), flag(), list(this::encoding));
    }

    private Encoding encoding() {
        return new Encoding(
                text(), u32(), flag(), i64(), i64(), u32(), i64(), u16(), u16(), u32(), u32(), u32(), u32(), age());
    }

    private Sent sent() {
        DownTrackId id = new DownTrackId(buffer.getInt());
        return new Sent(
                id,
                text(),
                kind(),
                u32(),
                u32(),
                u32(),
                u32(),
                u32(),
                report(),
                u32(),
                u32(),
                age(),
                flag(),
                flag(),
                flag(),
                flag(),
                encodingIndex(),
                layer(),
                layer(),
                reason(),
                allocated(),
                i64(),
                list(() -> new Offered(layer(), u16(), u16(), i64(), flag())));
    }

    private Optional<Report> report() {
        boolean reported = flag();
        Report report = new Report(u8(), buffer.getInt(), u32());
        return reported ? Optional.of(report) : Optional.empty();
    }

    private Optional<Layer> allocated() {
        boolean any = flag();
        Layer layer = layer();
        return any ? Optional.of(layer) : Optional.empty();
    }

    private OptionalInt encodingIndex() {
        int index = u8();
        return index == TransportExplanation.NONE ? OptionalInt.empty() : OptionalInt.of(index);
    }

    private Optional<Reason> reason() {
        int index = u8();
        return index == TransportExplanation.NONE ? Optional.empty() : Optional.of(at(REASONS, index));
    }

    private OptionalLong age() {
        long millis = u32();
        return millis == NEVER ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    private Layer layer() {
        return new Layer(u8(), u8());
    }

    private MediaKind kind() {
        return at(KINDS, u8() - 1);
    }

    private <E> E one(E[] values) {
        return at(values, u8());
    }

    private static <E> E at(E[] values, int index) {
        if (index < 0 || index >= values.length) {
            throw malformed("no value " + index);
        }
        return values[index];
    }

    private <T> Optional<T> optional(Supplier<T> read) {
        return flag() ? Optional.of(read.get()) : Optional.empty();
    }

    private <T> List<T> list(Supplier<T> read) {
        List<T> list = new ArrayList<>();
        for (int left = u16(); left > 0; left--) {
            list.add(read.get());
        }
        return list;
    }

    private int u8() {
        return Byte.toUnsignedInt(buffer.get());
    }

    private boolean flag() {
        return u8() != 0;
    }

    private int u16() {
        return Short.toUnsignedInt(buffer.getShort());
    }

    private long u32() {
        return Integer.toUnsignedLong(buffer.getInt());
    }

    private long i64() {
        return buffer.getLong();
    }

    private String text() {
        long length = u32();
        if (length > buffer.remaining()) {
            throw malformed("too short");
        }
        byte[] bytes = new byte[(int) length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
