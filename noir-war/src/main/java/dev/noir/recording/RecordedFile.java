package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** A file that is being written, and its description beside it. Thread: one at a time; it blocks. */
final class RecordedFile implements Part {
    /** Told once, when a file has ended, however. */
    interface Done {
        void done(long lostPackets, int droppedFrames);
    }

    // Given.
    private final Done done;
    private final RecordingFolder folder;
    private final Path path;
    private final ContainerFile media;
    private final PartClock clock;

    // State.
    private final Slots slots;
    private final long[] frames;
    private final long[] lost;
    private Description description;
    private long counted;

    /**
     * Begins it.
     *
     * @param path of the media; there is nothing yet
     * @param container for these slots
     */
    RecordedFile(
            RecordingFolder folder,
            Path path,
            Description description,
            Container container,
            List<Slot> slots,
            long startMicros,
            Done done)
            throws IOException {
        this.done = done;
        this.folder = folder;
        this.path = path;
        this.description = description;
        this.slots = new Slots(slots);
        this.frames = new long[slots.size()];
        this.lost = new long[slots.size()];
        this.clock = new PartClock(startMicros);
        folder.describe(path, description);
        this.media = container.begin(
                folder.create(path), slots.stream().map(Slot::format).toList(), clock.start());
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
        frames[place.getAsInt()]++;
        media.add(place.getAsInt() + 1, clock.next(frame), frame.key(), frame.data());
        if (count()) {
            folder.checkPlace();
        }
    }

    /** False: nothing has been written since the last time. */
    private boolean count() {
        long more = media.size() - counted;
        counted += more;
        folder.count(more);
        return more > 0;
    }

    @Override
    public void lost(String track, int packets) {
        slots.find(track).ifPresent(place -> lost[place] += packets);
    }

    @Override
    public void finish(String why, int droppedFrames) throws IOException {
        done.done(Arrays.stream(lost).sum(), droppedFrames);
        media.finish();
        count();
        description = description.ended(why, media.lengthMs(), counted, droppedFrames, entries());
        folder.describe(path, description);
    }

    /** What is there can be played. */
    @Override
    public void abandon() {
        try {
            media.abandon();
        } catch (IOException e) {
            folder.note(path, e);
        }
    }

    private List<Description.TrackEntry> entries() {
        List<Description.TrackEntry> entries = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            Description.TrackEntry track = description.tracks().get(i);
            entries.add(new Description.TrackEntry(
                    track.id(), track.codec(), track.width(), track.height(), frames[i], lost[i]));
        }
        return entries;
    }
}
