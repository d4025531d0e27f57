package dev.noir.recording;

import static dev.noir.recording.TestFrames.audio;
import static dev.noir.recording.TestFrames.delta;
import static dev.noir.recording.TestFrames.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.EbmlReader.Element;
import dev.noir.room.MediaTap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamRecordingTest {
    private static final int QUOTA = 40_000;

    @TempDir
    Path directory;

    private final List<IOException> failures = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private boolean disk = true;
    private int overs;
    private StreamRecording recording;
    private MediaTap.Events sound;
    private MediaTap.Events picture;

    @BeforeEach
    void begin() {
        RecordingFolder folder =
                new RecordingFolder(directory, new RecordingFolder.Limits(QUOTA, 0, Duration.ZERO), written -> {});
        recording = new StreamRecording(
                Runnable::run,
                StreamRecording.MAX_QUEUED_BYTES,
                (slots, start) -> {
                    if (!disk) {
                        throw new RecordingException("the disk is full");
                    }
                    Path path = folder.room("r").resolve(files.size() + ".webm");
                    files.add(path);
                    Description description = new Description(
                            path.getFileName().toString(),
                            "n",
                            "r",
                            "anna",
                            "",
                            "s",
                            false,
                            files.size(),
                            start / 1000,
                            0,
                            "",
                            0,
                            0,
                            0,
                            slots.stream()
                                    .map(slot -> new Description.TrackEntry(
                                            slot.track(),
                                            slot.format().name(),
                                            slot.format().width(),
                                            slot.format().height(),
                                            0,
                                            0))
                                    .toList());
                    return new RecordedFile(
                            folder, path, description, Container.WEBM, slots, start, (lost, dropped) -> {});
                },
                failures::add,
                () -> overs++);
        sound = recording.add("a");
        picture = recording.add("v");
    }

    private Description description(int file) throws IOException {
        return Description.read(Files.readString(directory.resolve("r").resolve(file + ".webm.json")));
    }

    private List<String> tracks(int file) throws IOException {
        return description(file).tracks().stream()
                .map(track -> track.codec() + " " + track.width() + " " + track.frames())
                .toList();
    }

    /** A second of both. */
    private void both(long fromMs) {
        for (long ms = fromMs; ms < fromMs + 1000; ms += 20) {
            sound.onFrame(audio(ms));
            if (ms % 40 == 0) {
                picture.onFrame(delta(ms));
            }
        }
    }

    private void end() {
        sound.onEnded();
        picture.onEnded();
    }

    @Test
    void soundAndPictureOfAStreamAreOneFile() throws IOException {
        sound.onFrame(audio(0));
        sound.onFrame(audio(20));
        picture.onFrame(key(30, 640, 360));
        both(40);
        end();

        assertEquals(List.of("opus 0 52", "vp8 640 26"), tracks(0));
        assertEquals("ended", description(0).why());
        assertEquals(TestFrames.START / 1000, description(0).started());
        assertEquals(1020, description(0).ended() - description(0).started());
        assertEquals(Files.size(files.get(0)), description(0).bytes());
        assertEquals(1, overs);
        assertEquals(List.of(), failures);
    }

    @Test
    void nothingIsRecordedBeforeAKeyFrame() throws IOException {
        picture.onFrame(delta(0));
        picture.onFrame(key(40, 640, 360));
        sound.onFrame(audio(40));
        end();

        assertEquals(List.of("opus 0 1", "vp8 640 1"), tracks(0));
        assertEquals(40, description(0).started() - TestFrames.START / 1000);
    }

    @Test
    void anotherSizeIsAnotherFileWithoutAGap() throws IOException {
        picture.onFrame(key(0, 640, 360));
        both(0);
        picture.onFrame(key(990, 320, 180));
        both(1000);
        end();

        assertEquals(List.of("opus 0 50", "vp8 640 26"), tracks(0));
        assertEquals("changed", description(0).why());
        assertEquals(List.of("opus 0 50", "vp8 320 26"), tracks(1));
        assertEquals(2, description(1).part());
        assertEquals(2, files.size());
    }

    @Test
    void aPictureThatComesToASoundThatIsThereBeginsAFileWithBoth() throws IOException {
        for (long ms = 0; ms < 4000; ms += 20) {
            sound.onFrame(audio(ms));
        }
        picture.onFrame(key(3990, 640, 360));
        both(4000);
        end();

        assertEquals(List.of("opus 0 200"), tracks(0));
        assertEquals(List.of("opus 0 50", "vp8 640 26"), tracks(1));
    }

    @Test
    void aCameraThatIsSwitchedOffAndOnGoesOnInTheSameFile() throws IOException {
        picture.onFrame(key(0, 640, 360));
        both(0);
        picture.onEnded();
        for (long ms = 1000; ms < 2000; ms += 20) {
            sound.onFrame(audio(ms));
        }
        picture = recording.add("v2");
        picture.onFrame(key(2000, 640, 360));
        both(2000);
        end();

        assertEquals(List.of("opus 0 150", "vp8 640 52"), tracks(0));
        assertEquals(1, files.size());
    }

    @Test
    void whatNeverCameIsCounted() throws IOException {
        picture.onFrame(key(0, 640, 360));
        sound.onFrame(audio(0));
        picture.onGap(3);
        picture.onFrame(key(40, 640, 360));
        end();

        assertEquals(3, description(0).lostPackets());
        assertEquals(
                List.of(0L, 3L),
                description(0).tracks().stream()
                        .map(Description.TrackEntry::lostPackets)
                        .toList());
    }

    @Test
    void framesForWhichTheDiskIsTooSlowAreLeftOutUpToTheNextKeyFrame() throws IOException {
        List<Runnable> later = new ArrayList<>();
        StreamRecording slow = new StreamRecording(
                later::add, StreamRecording.MAX_QUEUED_BYTES, (slots, start) -> null, failures::add, () -> {});
        MediaTap.Events frames = slow.add("v");
        int before = later.size();
        for (int i = 0; i < 20_000; i++) {
            frames.onFrame(key(i, 640, 360));
        }

        assertTrue(later.size() - before > 20_000 - 1, "each is counted, if only as dropped");
        later.clear();
    }

    @Test
    void aDiskThatIsFullIsSaidOnceAndWhatIsThereStays() throws IOException {
        picture.onFrame(key(0, 640, 360));
        both(0);
        disk = false;
        picture.onFrame(key(990, 320, 180));
        both(1000);
        end();

        assertEquals(1, failures.size());
        assertEquals(1, overs);
        assertEquals(List.of("opus 0 50", "vp8 640 26"), tracks(0));
        assertEquals(
                50 + 26,
                EbmlReader.read(Files.readAllBytes(files.get(0)), false).get(1).all(0x1F43B675).stream()
                        .mapToInt((Element cluster) -> cluster.all(0xA3).size())
                        .sum());
    }

    @Test
    void whatIsTooMuchEndsTheFileProperly() throws IOException {
        sound.onFrame(audio(0));
        for (int i = 0; i < 100; i++) {
            picture.onFrame(key(i, 640, 360));
            sound.onFrame(audio(i));
        }

        assertEquals(1, failures.size());
        assertEquals("failed", description(0).why());
        assertEquals(Files.size(files.get(0)), description(0).bytes());
        assertTrue(description(0).bytes() > QUOTA);
        EbmlReader.read(Files.readAllBytes(files.get(0)), false);
    }

    @Test
    void whatIsStoppedIsWritten() throws IOException {
        picture.onFrame(key(0, 640, 360));
        sound.onFrame(audio(0));
        sound.onFrame(audio(20));
        recording.end("stopped");
        sound.onFrame(audio(40));

        assertEquals(List.of("opus 0 2", "vp8 640 1"), tracks(0));
        assertEquals("stopped", description(0).why());
        assertEquals(1, overs);
    }
}
