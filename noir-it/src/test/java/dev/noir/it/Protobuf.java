package dev.noir.it;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Fields of protobuf messages that have a length, by hand: what the messages of management are made of. */
final class Protobuf {
    private static final int WITH_LENGTH = 2;
    private static final int MORE = 0x80;

    private Protobuf() {}

    static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        varint(field, number << 3 | WITH_LENGTH);
        varint(field, content.length);
        field.writeBytes(content);
        return field.toByteArray();
    }

    static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] joined(byte[]... fields) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            message.writeBytes(field);
        }
        return message.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= MORE) {
            out.write((rest & (MORE - 1)) | MORE);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** The field's content, the last one's if there are more. */
    static Optional<byte[]> find(byte[] message, int number) {
        ByteBuffer rest = ByteBuffer.wrap(message);
        byte[] found = null;
        while (rest.hasRemaining()) {
            int key = varint(rest);
            if ((key & 7) != WITH_LENGTH) {
                throw new AssertionError("only fields with a length stand in these messages");
            }
            byte[] content = new byte[varint(rest)];
            rest.get(content);
            if (key >>> 3 == number) {
                found = content;
            }
        }
        return Optional.ofNullable(found);
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        int octet;
        do {
            octet = in.get();
            value |= (octet & (MORE - 1)) << shift;
            shift += 7;
        } while ((octet & MORE) != 0);
        return value;
    }
}
