package dev.noir.playing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * The bytes of a file, read one after the other or from another place on. What is not there is an {@link EOFException}. Numbers are
 * big-endian unless said otherwise. Thread: one at a time; it blocks.
 */
final class FileBytes implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    // Owned.
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    // State. Where the buffer's first byte is in the file.
    private long start;

    FileBytes(SeekableByteChannel channel) {
        this.channel = channel;
    }

    long size() throws IOException {
        return channel.size();
    }

    long position() {
        return start + buffer.position();
    }

    /** Where to read from next; may be behind the end. */
    void seek(long position) {
        long within = position - start;
        if (within >= 0 && within <= buffer.limit()) {
            buffer.position((int) within);
        } else {
            start = position;
            buffer.limit(0);
        }
    }

    int octet() throws IOException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        return buffer.get() & 0xFF;
    }

    private void fill() throws IOException {
        start += buffer.position();
        buffer.clear();
        channel.position(start);
        int read = channel.read(buffer);
        buffer.flip();
        if (read <= 0) {
            throw new EOFException("ends at " + start);
        }
    }

    /** @param octets up to 8 */
    long number(int octets) throws IOException {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    /** Little-endian. */
    long littleNumber(int octets) throws IOException {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value |= (long) octet() << (8 * i);
        }
        return value;
    }

    /** The next so many, for which there is room in memory only if they are there. */
    byte[] bytes(int length) throws IOException {
        if (length > size() - position()) {
            throw new EOFException("ends within " + length + " bytes at " + position());
        }
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            if (!buffer.hasRemaining()) {
                fill();
            }
            int more = Math.min(length - done, buffer.remaining());
            buffer.get(bytes, done, more);
            done += more;
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
