package dev.noir.playing;

import dev.noir.sdp.Codec;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * IVF, the format of libvpx's and libaom's tools: pictures one after the other, each behind its size and its time, little-endian.
 * Thread: one at a time; it blocks.
 */
final class IvfFile implements FrameSource {
    private static final int TRACK = 1;
    private static final int HEADER_BYTES = 32;
    private static final int NEEDED_BYTES = 24;
    private static final int FRAME_HEADER_BYTES = 12;

    // Enough to see whether it is a key frame.
    private static final int LOOKED_AT_BYTES = 1 << 10;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    // Owned.
    private final FileBytes file;
    private final KeyFrames<Long> keyFrames = new KeyFrames<>();

    // As its header says.
    private final SourceTrack track;
    private final int begin;
    private final long ticksPerSecond;
    private final long tickNumerator;

    // State.
    private @Nullable Long firstTicks;

    IvfFile(FileBytes file) throws IOException {
        this.file = file;
        file.number(Integer.BYTES); // DKIF
        file.number(Short.BYTES); // Version.
        begin = (int) file.littleNumber(Short.BYTES);
        int name = (int) file.number(Integer.BYTES);
        int width = (int) file.littleNumber(Short.BYTES);
        int height = (int) file.littleNumber(Short.BYTES);
        ticksPerSecond = file.littleNumber(Integer.BYTES);
        tickNumerator = file.littleNumber(Integer.BYTES);
        if (begin < HEADER_BYTES || ticksPerSecond == 0 || tickNumerator == 0) {
            throw new MediaFileException("the header of the IVF file is broken");
        }
        track = new SourceTrack(TRACK, codec(name), new byte[0], width, height);
        file.bytes(begin - NEEDED_BYTES);
    }

    private static Codec codec(int name) throws MediaFileException {
        return switch (name) {
            case 0x56503830 -> Codec.VP8; // VP80
            case 0x56503930 -> Codec.VP9; // VP90
            case 0x41563031 -> Codec.AV1; // AV01
            default -> throw new MediaFileException("its codec cannot be played: " + Printable.fourCharacters(name));
        };
    }

    @Override
    public List<SourceTrack> tracks() {
        return List.of(track);
    }

    @Override
    public @Nullable SourceFrame next() throws IOException {
        try {
            long place = file.position();
            int size = size();
            while (size == 0) { // Encoders leave pictures out.
                file.number(Long.BYTES);
                place = file.position();
                size = size();
            }
            long nanos = nanos(file.littleNumber(Long.BYTES));
            byte[] data = file.bytes(size);
            boolean key = Picture.of(track.codec(), data).key();
            if (key) {
                keyFrames.add(nanos, place);
            }
            return new SourceFrame(TRACK, Duration.ofNanos(nanos), key, data);
        } catch (EOFException e) {
            return null;
        }
    }

    private int size() throws IOException {
        long size = file.littleNumber(Integer.BYTES);
        if (size > MAX_FRAME_BYTES) {
            throw new MediaFileException("a picture of " + size + " bytes is too large");
        }
        return (int) size;
    }

    /** Since the first picture. */
    private long nanos(long ticks) throws MediaFileException {
        if (firstTicks == null) {
            firstTicks = ticks;
        }
        double seconds = (double) (ticks - firstTicks) * tickNumerator / ticksPerSecond;
        if (Math.abs(seconds) > Timeline.MAX_TIME.toSeconds()) {
            throw new MediaFileException("a picture is at an impossible time");
        }
        return (long) (seconds * SECOND);
    }

    @Override
    public void seek(Duration to) throws IOException {
        long target = to.compareTo(Timeline.MAX_TIME) < 0 ? to.toNanos() : Timeline.MAX_TIME.toNanos();
        Long known = keyFrames.before(target);
        long found = known == null ? begin : known;
        file.seek(found);
        try {
            while (true) {
                long place = file.position();
                int size = size();
                long nanos = nanos(file.littleNumber(Long.BYTES));
                if (nanos > target) {
                    break;
                }
                byte[] head = file.bytes(Math.min(size, LOOKED_AT_BYTES));
                if (size > 0 && Picture.of(track.codec(), head).key()) {
                    found = place;
                    keyFrames.add(nanos, place);
                }
                file.seek(place + FRAME_HEADER_BYTES + size);
            }
        } catch (EOFException e) {
            // The last one there is.
        }
        file.seek(found);
    }

    @Override
    public Optional<Duration> duration() {
        return Optional.empty(); // The header's number of pictures is often wrong, and says nothing of their times.
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
