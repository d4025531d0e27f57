package dev.noir.playing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A file in memory, put together by hand. */
final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Bytes text(String ascii) {
        return raw(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    Bytes hex(String digits) {
        return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    Bytes raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    Bytes big(long value, int octets) {
        for (int i = octets - 1; i >= 0; i--) {
            bytes.write((int) (value >> (8 * i)));
        }
        return this;
    }

    Bytes little(long value, int octets) {
        for (int i = 0; i < octets; i++) {
            bytes.write((int) (value >> (8 * i)));
        }
        return this;
    }

    int size() {
        return bytes.size();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    SeekableByteChannel channel() {
        return channel(toBytes());
    }

    /** Of which reads bring a little at a time. */
    static SeekableByteChannel channel(byte[] content) {
        return new Memory(content);
    }

    private static final class Memory implements SeekableByteChannel {
        private final byte[] content;
        private long position;
        private boolean open = true;

        Memory(byte[] content) {
            this.content = content;
        }

        @Override
        public int read(ByteBuffer into) {
            if (position >= content.length) {
                return -1;
            }
            int more = Math.min(Math.min(into.remaining(), 1000), content.length - (int) position);
            into.put(content, (int) position, more);
            position += more;
            return more;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            throw new IOException("read only");
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long to) {
            if (to < 0) {
                throw new IllegalArgumentException("position " + to);
            }
            position = to;
            return this;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            throw new IOException("read only");
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
