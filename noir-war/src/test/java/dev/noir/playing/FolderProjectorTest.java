package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.EncodedFrame;
import dev.noir.room.FakeScheduler;
import dev.noir.room.InjectedTrack;
import dev.noir.room.MediaTrack;
import dev.noir.room.Playing;
import dev.noir.room.Projector;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of a folder, as a room plays it: 20 pictures in two thirds of a second. */
final class FolderProjectorTest {
    private static final Duration FRAME = Duration.ofMillis(34);

    private final FakeScheduler time = new FakeScheduler();
    private final UrlFiles noUrls = new UrlFiles(new UrlRules(List.of(), false), 0, time);
    private final List<String> told = new ArrayList<>();
    private final List<EncodedFrame> frames = new ArrayList<>();

    @TempDir
    private Path folder;

    private final Projector.Events events = new Projector.Events() {
        @Override
        public void onOpened(List<Projector.Content> contents) {
            contents.forEach(content -> told.add("has " + content.codec()));
        }

        @Override
        public void onMoved(Playing now) {
            told.add("at " + now.position() + (now.paused() ? " paused" : "") + ", again " + now.repeat());
        }

        @Override
        public void onEnded() {
            told.add("ended");
        }

        @Override
        public void onFailed(String why) {
            told.add("failed: " + why);
        }
    };

    private final InjectedTrack track = new InjectedTrack() {
        @Override
        public MediaTrack media() {
            throw new UnsupportedOperationException("a room's business");
        }

        @Override
        public boolean write(EncodedFrame frame) {
            return frames.add(frame);
        }
    };

    @BeforeEach
    void write() throws IOException {
        Files.write(folder.resolve("film.ivf"), IvfFileTest.file(20));
    }

    private Projector projector() {
        return new FolderProjector(
                new PlayFolder(folder.toString()),
                noUrls,
                time,
                () -> Instant.EPOCH.plusNanos(time.nanoTime()),
                Runnable::run);
    }

    private Projector.Showing begin(Playing what) {
        return projector().begin(what, events);
    }

    @Test
    void tellsWhatThereIs() throws IOException {
        Files.createFile(folder.resolve("b.webm"));
        Files.createFile(folder.resolve("a.opus"));
        Files.createFile(folder.resolve("notes.txt"));

        List<String> files = projector().files().toCompletableFuture().join();
        assertTrue(files.containsAll(List.of("a.opus", "b.webm")), files::toString);
        assertFalse(files.contains("notes.txt"));
    }

    @Test
    void aFolderThatIsNotThereHasNoFiles() throws IOException {
        Projector gone = new FolderProjector(
                new PlayFolder(folder.resolve("gone").toString()), noUrls, time, () -> Instant.EPOCH, Runnable::run);

        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> gone.files().toCompletableFuture().join());
        assertEquals(
                "the folder for playing is not there",
                Objects.requireNonNull(failure.getCause()).getMessage());
    }

    private Projector.Showing started(Playing what) {
        Projector.Showing showing = begin(what);
        showing.start(List.of(track));
        return showing;
    }

    @Test
    void nothingIsLostBeforeItIsKnownWhereFramesGo() {
        Projector.Showing showing = begin(new Playing("film.ivf", 0, 0, false));
        time.advance(Duration.ofSeconds(2));
        assertEquals(List.of("has " + Codec.VP8), told);

        showing.start(List.of(track));
        time.advance(Duration.ZERO);
        assertEquals(1, frames.size());
        assertTrue(frames.get(0).key());
        time.advance(Duration.ofSeconds(1));
        assertEquals(20, frames.size());
        assertEquals("ended", told.get(told.size() - 1));
        assertEquals(0, time.pending());
    }

    @Test
    void itIsPlayedAsOftenAsItIsToBe() {
        started(new Playing("film.ivf", 2, 0, false));
        time.advance(Duration.ofMillis(1500));
        assertEquals(List.of("has VP8", "at 0, again 2", "at 333, again 1"), told);

        time.advance(Duration.ofSeconds(1));
        assertEquals(60, frames.size());
        assertEquals("ended", told.get(told.size() - 1));
    }

    @Test
    void itCanStandStillAndGoOn() {
        Projector.Showing showing = started(new Playing("film.ivf", 0, 0, false));
        time.advance(FRAME);
        showing.change(new Playing.Change(Optional.of(true), OptionalLong.empty()));
        time.advance(Duration.ofMinutes(1));
        assertEquals(2, frames.size());
        assertEquals("at 33 paused, again 0", told.get(told.size() - 1));

        showing.change(new Playing.Change(Optional.of(false), OptionalLong.empty()));
        time.advance(Duration.ofSeconds(1));
        assertEquals(20, frames.size());
    }

    @Test
    void itCanBeginPausedAndElsewhere() {
        Projector.Showing showing = started(new Playing("film.ivf", 0, 400, true));
        time.advance(Duration.ofSeconds(5));
        assertEquals(List.of(), frames);
        assertEquals("at 400 paused, again 0", told.get(told.size() - 1));

        showing.change(new Playing.Change(Optional.of(false), OptionalLong.of(0)));
        time.advance(Duration.ofSeconds(1));
        assertEquals(20, frames.size());
    }

    @Test
    void onceItIsClosedNothingComes() {
        Projector.Showing showing = started(new Playing("film.ivf", -1, 0, false));
        time.advance(FRAME);
        showing.close();
        showing.change(new Playing.Change(Optional.of(false), OptionalLong.of(0)));
        int before = told.size();
        time.advance(Duration.ofSeconds(5));
        assertEquals(2, frames.size());
        assertEquals(before, told.size());
        assertEquals(0, time.pending());
    }

    @Test
    void whatIsNotThereIsSaid() {
        started(new Playing("../film.ivf", 0, 0, false));
        started(new Playing("none.ivf", 0, 0, false));

        assertEquals(2, told.size());
        assertTrue(told.get(0).startsWith("failed: there is no file "), told.get(0));
        assertTrue(told.get(1).startsWith("failed: there is no file "), told.get(1));
    }

    @Test
    void aUrlIsNoFileOfTheFolder() {
        begin(new Playing("https://media.example/film.ivf", 0, 0, false));
        assertEquals(1, told.size());
        assertTrue(told.get(0).contains("below none that are listed"), told::toString);
    }
}
