package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlayFolderTest {
    @TempDir
    Path directory;

    private Path inside;
    private PlayFolder folder;

    @BeforeEach
    void fill() throws IOException {
        inside = Files.createDirectories(directory.resolve("inside"));
        folder = new PlayFolder(inside.toString());
        Files.createDirectories(inside.resolve("a/b"));
        Files.write(inside.resolve("one.ivf"), IvfFileTest.file(3));
        Files.createFile(inside.resolve("a/b/two.WEBM"));
        Files.createFile(inside.resolve("a/notes.txt"));
        Files.createFile(inside.resolve(".hidden.webm"));
        Files.createFile(directory.resolve("outside.webm"));
        Files.createSymbolicLink(inside.resolve("out.webm"), directory.resolve("outside.webm"));
        Files.createSymbolicLink(inside.resolve("up"), directory);
        Files.createSymbolicLink(inside.resolve("loop.webm"), inside.resolve("loop.webm"));
        Files.createSymbolicLink(inside.resolve("in.ivf"), inside.resolve("one.ivf"));
    }

    @Test
    void opensWhatIsInIt() throws IOException {
        try (FrameSource source = folder.open("one.ivf")) {
            assertEquals(1, source.tracks().size());
        }
        assertEquals(inside.resolve("a/b/two.WEBM").toRealPath(), folder.find("a/b/two.WEBM"));
        assertEquals(inside.resolve("one.ivf").toRealPath(), folder.find("in.ivf"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "/etc/passwd",
                "../outside.webm",
                "a/../one.ivf",
                "a/../../outside.webm",
                "./one.ivf",
                "out.webm",
                "up/outside.webm",
                "up/inside/../outside.webm",
                "loop.webm",
                "a",
                "none.webm",
                "one.ivf/x",
                "one.ivf\0.webm"
            })
    void opensNothingElse(String name) {
        MediaFileException e = assertThrows(MediaFileException.class, () -> folder.find(name));
        assertEquals("there is no file " + name.replace('\0', '?') + " in the folder for playing", e.getMessage());
    }

    @Test
    void namesThatAreTooLongAreNoFiles() {
        assertThrows(MediaFileException.class, () -> folder.find("x".repeat(5000)));
        assertThrows(MediaFileException.class, () -> folder.find("x/".repeat(2000)));
    }

    @Test
    void listsWhatLooksLikeMedia() throws IOException {
        assertEquals(List.of("a/b/two.WEBM", "one.ivf"), folder.list());
    }

    @Test
    void listsNotMoreThanAThousand() throws IOException {
        for (int i = 0; i < PlayFolder.MAX_NAMES + 5; i++) {
            Files.createFile(inside.resolve(i + ".webm"));
        }
        assertEquals(PlayFolder.MAX_NAMES, folder.list().size());
    }

    @Test
    void withoutADirectoryNothingIsPlayed() {
        for (String name : List.of("one.ivf", "", "/")) {
            assertEquals(
                    "this server has no folder for playing",
                    assertThrows(MediaFileException.class, () -> new PlayFolder("").find(name))
                            .getMessage());
        }
        assertEquals(
                "the folder for playing is not there",
                assertThrows(MediaFileException.class, () -> new PlayFolder(inside + "/no").list())
                        .getMessage());
    }
}
