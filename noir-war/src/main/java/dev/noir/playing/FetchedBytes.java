package dev.noir.playing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.atomic.AtomicLong;

/** What has been fetched, counted as long as it is open. Thread: one at a time. */
final class FetchedBytes implements SeekableByteChannel {
    // Owned.
    private final FileChannel file;

    // Given.
    private final AtomicLong used;

    // State.
    private long counted;

    /** @param used by all of them together, in bytes */
    FetchedBytes(FileChannel file, AtomicLong used) {
        this.file = file;
        this.used = used;
    }

    /** Behind what is there. */
    void append(ByteBuffer bytes) throws IOException {
        counted += bytes.remaining();
        used.addAndGet(bytes.remaining());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return file.read(to);
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public FetchedBytes position(long position) throws IOException {
        file.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (file.isOpen()) {
            used.addAndGet(-counted);
        }
        file.close();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new UnsupportedOperationException("it is read");
    }

    @Override
    public FetchedBytes truncate(long size) {
        throw new UnsupportedOperationException("it is read");
    }
}
