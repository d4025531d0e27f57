package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file that is being written, and its description beside it. Thread: one at a time; it blocks. */
final class RecordedFile {
    /** A track of the file, by its id in the room; its number in the file is its place. */
    record Slot(String track, MediaFormat format) {}

    /** Told once, when a file has ended, however. */
    interface Done {
        void done(long lostPackets, int droppedFrames);
    }

    // Given.
    private final Done done;
    private final RecordingFolder folder;
    private final Path path;
    private final MatroskaFile media;
    private final long startMicros;

    // State.
    private final List<Slot> slots;
    private final long[] frames;
    private final long[] lost;
    private final boolean[] released;
    private Description description;
    private long counted;
    private long lastMs;

    /** @param path of the media; there is nothing yet */
    RecordedFile(
            RecordingFolder folder, Path path, Description description, List<Slot> slots, long startMicros, Done done)
            throws IOException {
        this.done = done;
        this.folder = folder;
        this.path = path;
        this.description = description;
        this.slots = new ArrayList<>(slots);
        this.frames = new long[slots.size()];
        this.lost = new long[slots.size()];
        this.released = new boolean[slots.size()];
        this.startMicros = startMicros;
        folder.describe(path, description);
        Instant start = Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(startMicros));
        this.media = new MatroskaFile(
                folder.create(path), slots.stream().map(Slot::format).toList(), start);
    }

    /** Whether a track of this kind can go on in this file: it has it, or has one like it that has ended. */
    boolean takes(String track, MediaFormat format) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).track().equals(track)) {
                return slots.get(i).format().equals(format);
            }
        }
        for (int i = 0; i < slots.size(); i++) {
            if (released[i] && slots.get(i).format().equals(format)) {
                slots.set(i, new Slot(track, format));
                released[i] = false;
                return true;
            }
        }
        return false;
    }

    /** A track has ended: another like it can go on in its place. */
    void release(String track) {
        for (int i = 0; i < slots.size(); i++) {
            released[i] |= slots.get(i).track().equals(track);
        }
    }

    /** @param track one that {@link #takes} */
    void add(String track, EncodedFrame frame) throws IOException {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).track().equals(track)) {
                frames[i]++;
                long ms = TimeUnit.MICROSECONDS.toMillis(frame.captureMicros() - startMicros + 500);
                lastMs = Math.max(lastMs, ms); // Clocks are corrected as reports come in.
                media.add(i + 1, lastMs, frame.key(), frame.data());
                if (count()) {
                    folder.checkPlace();
                }
                return;
            }
        }
    }

    /** False: nothing has been written since the last time. */
    private boolean count() {
        long more = media.size() - counted;
        counted += more;
        folder.count(more);
        return more > 0;
    }

    /** So many packets of a track never came. */
    void lost(String track, int packets) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).track().equals(track)) {
                lost[i] += packets;
            }
        }
    }

    /** Ends it properly. */
    void finish(String why, int droppedFrames) throws IOException {
        done.done(Arrays.stream(lost).sum(), droppedFrames);
        media.finish();
        count();
        description = description.ended(why, media.lengthMs(), counted, droppedFrames, entries());
        folder.describe(path, description);
    }

    /** After {@link #finish} has failed: nothing can be written any more. What is there can be played. */
    void abandon() {
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
