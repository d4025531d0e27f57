package dev.noir.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as gRPC cuts its streams into them: a byte of flags, four of length, the message. Reads one stream; not thread-safe.
 */
final class GrpcFrames {
    static final int HEADER = 5;
    private static final byte PLAIN = 0;
    private static final byte TRAILERS = (byte) 0x80; // gRPC-web: lines of headers, at either end.

    // State.
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** The stream cannot be read any further. */
    static final class BadFrame extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean tooLong;

        BadFrame(String message, boolean tooLong) {
            super(message);
            this.tooLong = tooLong;
        }

        boolean isTooLong() {
            return tooLong;
        }
    }

    static byte[] message(byte[] message) {
        return frame(PLAIN, message);
    }

    static byte[] trailers(String lines) {
        return frame(TRAILERS, lines.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frame(byte flags, byte[] content) {
        return ByteBuffer.allocate(HEADER + content.length)
                .put(flags)
                .putInt(content.length)
                .put(content)
                .array();
    }

    /** The messages that end in these bytes. */
    List<byte[]> add(byte[] bytes, int from, int longest) throws BadFrame {
        pending.write(bytes, from, bytes.length - from);
        List<byte[]> messages = new ArrayList<>();
        ByteBuffer read = ByteBuffer.wrap(pending.toByteArray());
        while (read.remaining() >= HEADER) {
            read.mark();
            byte flags = read.get();
            int length = read.getInt();
            if (flags != PLAIN) {
                throw new BadFrame("compressed messages are not taken", false);
            }
            if (length < 0 || length > longest) {
                throw new BadFrame("a message may have " + longest + " bytes", true);
            }
            if (read.remaining() < length) {
                read.reset();
                break;
            }
            byte[] message = new byte[length];
            read.get(message);
            messages.add(message);
        }
        pending.reset();
        pending.write(read.array(), read.position(), read.remaining());
        return messages;
    }
}
