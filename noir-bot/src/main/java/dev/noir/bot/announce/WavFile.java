package dev.noir.bot.announce;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A RIFF WAVE file of PCM with 16 bits, piece by piece. What follows its sound is not looked at. Thread: one. */
final class WavFile implements AutoCloseable {
    private static final Set<Integer> RATES = Set.of(8000, 16_000, 32_000, 44_100, 48_000);
    private static final int RIFF = 0x46464952;
    private static final int WAVE = 0x45564157;
    private static final int FORMAT = 0x20746d66;
    private static final int DATA = 0x61746164;
    private static final int MAX_CHUNKS = 64; // Before the sound.
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int PARTS_PER_SECOND = 100;

    private final FileChannel file;
    private int rate;
    private int channels;
    private long begin;
    private long end;
    private long position;

    private WavFile(FileChannel file) {
        this.file = file;
    }

    /** @throws IOException whose words say what it has instead of what can be played */
    static WavFile open(Path path) throws IOException {
        WavFile opened = new WavFile(FileChannel.open(path, StandardOpenOption.READ));
        try {
            opened.readHeader();
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        ByteBuffer header = read(0, 12);
        if (header.getInt(0) != RIFF || header.getInt(8) != WAVE) {
            throw new IOException("is no WAV file");
        }
        long at = 12;
        for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
            ByteBuffer head = read(at, 8);
            long size = head.getInt(4) & 0xFFFFFFFFL;
            at += 8;
            if (head.getInt(0) == FORMAT) {
                readFormat(at, size);
            } else if (head.getInt(0) == DATA) {
                if (rate == 0) {
                    throw new IOException("has sound before its format");
                }
                begin = at;
                end = Math.min(at + size, file.size()); // Who writes while it is read does not know its length.
                position = at;
                return;
            }
            at += size + (size & 1);
        }
        throw new IOException("has no sound");
    }

    private void readFormat(long at, long size) throws IOException {
        if (size < 16) {
            throw new IOException("has a format of " + size + " bytes");
        }
        ByteBuffer format = read(at, 16);
        int coding = format.getShort(0) & 0xFFFF;
        channels = format.getShort(2);
        rate = format.getInt(4);
        int bits = format.getShort(14);
        if ((coding != PCM && coding != EXTENSIBLE)
                || bits != 16
                || channels < 1
                || channels > 2
                || !RATES.contains(rate)) {
            throw new IOException(
                    "has to be PCM of 16 bits, 1 or 2 channels, 8000, 16000, 32000, 44100 or 48000 Hz; it has coding "
                            + coding + ", " + bits + " bits, " + channels + " channels, " + rate + " Hz");
        }
    }

    private ByteBuffer read(long at, int size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("ends too soon");
            }
        }
        return bytes.flip();
    }

    /** Frames per second. */
    int rate() {
        return rate;
    }

    int channels() {
        return channels;
    }

    /** Frames of 10 ms. */
    int part() {
        return rate / PARTS_PER_SECOND;
    }

    /**
     * The next 10 ms.
     *
     * @param samples gets them, and silence behind the end
     * @return false when there were none
     */
    boolean next(ShortBuffer samples) throws IOException {
        int frameBytes = 2 * channels;
        int frames = (int) Math.min(part(), (end - position) / frameBytes);
        if (frames <= 0) {
            return false;
        }
        ShortBuffer read = read(position, frames * frameBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        position += (long) frames * frameBytes;
        for (int i = 0; i < part() * channels; i++) {
            samples.put(i, i < read.limit() ? read.get(i) : 0);
        }
        return true;
    }

    /** Again from the beginning. */
    void rewind() {
        position = begin;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
