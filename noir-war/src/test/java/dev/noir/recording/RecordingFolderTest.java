package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingFolderTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    Path directory;

    private RecordingFolder folder(long quota, long free, Duration keep) {
        return new RecordingFolder(
                directory.resolve("all"), new RecordingFolder.Limits(quota, free, keep), written -> {});
    }

    private static Description description(String file, long started) {
        return new Description(
                file,
                "n",
                "room",
                "anna",
                "",
                "s",
                false,
                1,
                started,
                started + 5,
                "ended",
                7,
                1,
                2,
                List.of(
                        new Description.TrackEntry("t", "vp8", 640, 360, 12, 1),
                        new Description.TrackEntry("u", "opus", 0, 0, 3, 0)));
    }

    private Path recorded(RecordingFolder folder, String room, String name, long started) throws IOException {
        Path path = folder.room(room).resolve(name);
        folder.create(path).close();
        folder.describe(path, description(name, started));
        return path;
    }

    @Test
    void listsTheNewestFirst() throws IOException {
        RecordingFolder folder = folder(0, 0, Duration.ZERO);
        recorded(folder, "room", "20260101-a.webm", 1);
        recorded(folder, "room", "20260103-a.webm", 3);
        recorded(folder, "other", "20260102-a.webm", 2);
        Files.writeString(folder.room("room").resolve("20260104-broken.webm.json"), "{\"file\":1}");

        assertEquals(
                List.of(3L, 2L, 1L),
                folder.list(10).stream().map(Description::started).toList());
        assertEquals(
                List.of(3L),
                folder.list("room", 1).stream().map(Description::started).toList());
        assertEquals(List.of(description("20260103-a.webm", 3)), folder.list("room", 1));
        assertEquals(List.of(), folder.list("none", 1));
    }

    @Test
    void refusesMoreThanItsQuota() throws IOException {
        RecordingFolder folder = folder(1000, 0, Duration.ZERO);
        folder.check();
        folder.count(1000);
        folder.checkPlace();
        folder.count(1);

        IOException full = assertThrows(RecordingException.class, folder::checkPlace);
        assertEquals("recordings have used up the place they may have", full.getMessage());

        folder.sweep(NOW);
        folder.checkPlace();
    }

    @Test
    void refusesWhenTheDiskWouldBeFull() {
        RecordingFolder folder = folder(0, Long.MAX_VALUE, Duration.ZERO);

        IOException full = assertThrows(RecordingException.class, folder::check);
        assertEquals("the disk for recordings is full", full.getMessage());
    }

    @Test
    void deletesWhatHasBeenKeptForLongEnough() throws IOException {
        RecordingFolder folder = folder(10_000, 0, Duration.ofDays(30));
        Path old = recorded(folder, "room", "old.webm", 1);
        Path young = recorded(folder, "room", "young.webm", 2);
        for (Path file : List.of(old, old.resolveSibling("old.webm.json"))) {
            Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(31))));
        }
        for (Path file : List.of(young, young.resolveSibling("young.webm.json"))) {
            Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(29))));
        }

        folder.sweep(NOW);

        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
        assertEquals(
                List.of(2L), folder.list(9).stream().map(Description::started).toList());
    }

    @Test
    void onlyItsOwnerMayReadWhatPeopleSaid() throws IOException {
        Path file = recorded(folder(0, 0, Duration.ZERO), "room", "a.webm", 1);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling("a.webm.json"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    @Test
    void namesOfPeopleCannotLeaveTheFolder() {
        assertEquals("room-1.a", FileNames.of("room-1.a"));
        assertEquals("_2e./_".replace("/", "_2f") + "5f", FileNames.of("../_"));
        assertEquals("_41nna", FileNames.of("Anna"));
        assertEquals("_00", FileNames.of("\0"));
        String longName = "ä".repeat(200);
        assertEquals(80, FileNames.of(longName).length());
        assertNotEquals(FileNames.of(longName), FileNames.of(longName + "x"));
        assertTrue(FileNames.of("..").startsWith("_"));
    }
}
