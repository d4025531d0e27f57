package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Matroska (RFC 9559) for somebody who reads along: of unknown size, without an index, and each frame leaves at once, in a cluster
 * of its own. Thread: one at a time; it blocks as the stream does.
 */
public final class LiveMatroska implements Part {
    private static final int KEY = 0x80;

    // Given.
    private final OutputStream to;
    private final long startMicros;

    // State.
    private final Slots slots;
    private long lastMs;

    /**
     * Begins it.
     *
     * @param to closed with it
     * @param slots number 1 first
     * @param startMicros of the first frame, in µs since 1970
     */
    public LiveMatroska(OutputStream to, List<Slot> slots, long startMicros) throws IOException {
        this.to = to;
        this.slots = new Slots(slots);
        this.startMicros = startMicros;
        Instant start = Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(startMicros));
        to.write(MatroskaHeader.of(slots.stream().map(Slot::format).toList(), start)
                .bytes());
        to.flush();
    }

    @Override
    public boolean takes(String track, MediaFormat format) {
        return slots.take(track, format);
    }

    @Override
    public void release(String track) {
        slots.release(track);
    }

    @Override
    public void add(String track, EncodedFrame frame) throws IOException {
        OptionalInt place = slots.find(track);
        if (place.isEmpty()) {
            return;
        }
        long ms = TimeUnit.MICROSECONDS.toMillis(frame.captureMicros() - startMicros + 500);
        lastMs = Math.max(lastMs, ms); // Clocks are corrected as reports come in.
        to.write(cluster(place.getAsInt() + 1, lastMs, frame));
        to.flush();
    }

    private static byte[] cluster(int number, long ms, EncodedFrame frame) {
        // A block's head: the track's number as a size of one byte, the time within the cluster, flags.
        Ebml block = new Ebml()
                .number(MatroskaHeader.CLUSTER_TIMESTAMP, ms)
                .head(MatroskaHeader.SIMPLE_BLOCK, frame.data().length + 4L)
                .raw(0x80 | number, 1)
                .raw(0, Short.BYTES)
                .raw(frame.key() ? KEY : 0, 1)
                .raw(frame.data());
        return new Ebml()
                .head(MatroskaHeader.CLUSTER, block.size())
                .raw(block.toBytes())
                .toBytes();
    }

    /** Who reads along sees for himself. */
    @Override
    public void lost(String track, int packets) {}

    @Override
    public void finish(String why, int droppedFrames) throws IOException {
        to.close();
    }

    /** Closing it is all there is to do, and has been tried. */
    @Override
    public void abandon() {}
}
