package dev.noir.recording;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fragmented MP4 (ISO/IEC 14496-12 §8.8): its pieces are fragments, and what only the end knows is its length and its index. Thread: one
 * at a time; it blocks.
 */
final class Mp4File implements ContainerFile {
    // The next sample of most tracks comes earlier, and tells how long this one is. One that has waited for longer goes
    // as it is: what
    // the next fragment says of its time makes it longer (§8.8.12).
    private static final long MAX_WAIT_MICROS = 100_000;

    // Given.
    private final WrittenFile file;
    private final int lengthPosition;

    // Owned.
    private final List<Mp4Track> tracks = new ArrayList<>();
    private final Mp4Index index;
    private final Boxes piece = new Boxes();

    // State.
    private int sequence;
    private long begin; // Of the piece, in µs.
    private int bytes;
    private long lastMicros;

    /**
     * Begins it.
     *
     * @param tracks number 1 first
     * @param start when the first of what it shows happened
     */
    Mp4File(SeekableByteChannel channel, List<MediaFormat> tracks, Instant start) throws IOException {
        this.file = new WrittenFile(channel);
        for (MediaFormat format : tracks) {
            this.tracks.add(new Mp4Track(this.tracks.size() + 1, format));
        }
        this.index = new Mp4Index(this.tracks);
        Mp4Header header = Mp4Header.of(this.tracks, start);
        this.lengthPosition = header.lengthPosition();
        file.write(header.bytes());
    }

    @Override
    public void add(int track, long micros, boolean key, byte[] frame) throws IOException {
        Mp4Track to = tracks.get(track - 1);
        bytes += to.complete(micros);
        boolean begins = key && to.format().isVideo() && to.hasSamples(); // Else it begins what is here.
        boolean full = micros - begin >= MAX_PIECE_MICROS || bytes + frame.length > MAX_PIECE_BYTES;
        if (begins || full) {
            flush(micros);
        }
        to.await(micros, key, frame);
        lastMicros = Math.max(lastMicros, micros);
    }

    /** Writes what is complete, or has waited for long enough. */
    private void flush(long micros) throws IOException {
        begin = micros;
        for (Mp4Track track : tracks) {
            if (track.isWaiting() && micros - track.waitingMicros() > MAX_WAIT_MICROS) {
                track.complete(micros);
            }
            if (track.isWaiting()) {
                begin = Math.min(begin, track.waitingMicros());
            }
        }
        write();
    }

    private void write() throws IOException {
        List<Mp4Track> filled = tracks.stream().filter(Mp4Track::hasSamples).toList();
        bytes = 0;
        if (filled.isEmpty()) {
            return;
        }
        long position = file.size();
        index.add(filled, position);
        piece.clear();
        Mp4Fragment.write(piece, ++sequence, filled);
        file.write(piece.view());
        file.overwrite(position + Mp4Fragment.TYPE, Mp4Fragment.WHOLE);
    }

    @Override
    public long lengthMs() {
        return PartClock.ms(lastMicros);
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void finish() throws IOException {
        try (file) {
            tracks.forEach(Mp4Track::completeLast);
            write();
            file.write(index.bytes());
            long end = tracks.stream()
                    .map(track -> TimeUnit.SECONDS.toMillis(track.end()) / track.scale())
                    .max(Comparator.naturalOrder())
                    .orElse(0L);
            file.overwrite(lengthPosition, Mp4Header.length(end));
        }
    }

    @Override
    public void abandon() throws IOException {
        file.close();
    }
}
