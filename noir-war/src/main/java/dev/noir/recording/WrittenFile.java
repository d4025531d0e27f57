package dev.noir.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** The bytes of a file: one after the other, and some of them once more. Thread: one at a time; it blocks. */
final class WrittenFile implements AutoCloseable {
    // Owned.
    private final SeekableByteChannel channel;

    // State.
    private long size;

    WrittenFile(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /** In bytes: where the next ones will be. */
    long size() {
        return size;
    }

    void write(byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    void write(ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            size += channel.write(rest);
        }
    }

    /** In the place of what has been written there. */
    void overwrite(long position, byte[] bytes) throws IOException {
        channel.position(position);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        channel.position(size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
