package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;

/**
 * Matroska (RFC 9559) for somebody who reads along: of unknown size, without an index, and each frame leaves at once, in a cluster
 * of its own. Thread: one at a time; it blocks as the stream does.
 */
public final class LiveMatroska implements Part {
    // Given.
    private final OutputStream to;
    private final PartClock clock;

    // State.
    private final Slots slots;

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
        this.clock = new PartClock(startMicros);
        to.write(MatroskaHeader.of(slots.stream().map(Slot::format).toList(), clock.start())
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
        to.write(cluster(place.getAsInt() + 1, PartClock.ms(clock.next(frame)), frame));
        to.flush();
    }

    private static byte[] cluster(int number, long ms, EncodedFrame frame) {
        Ebml block = new Ebml().number(MatroskaHeader.CLUSTER_TIMESTAMP, ms);
        MatroskaBlock.write(block, number, 0, frame.key(), frame.data());
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
