package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HlsFolderTest {
    @TempDir
    Path directory;

    private static void write(Path run, int segments) throws IOException {
        StringBuilder text = new StringBuilder("#EXT-X-MEDIA-SEQUENCE:0\n");
        for (int i = 0; i < segments; i++) {
            text.append("#EXTINF:2.0,\n").append(i).append(".m4s\n");
        }
        Files.writeString(run.resolve(HlsFolder.PLAYLIST), text);
    }

    private static String line(String playlist, String begin) {
        return playlist.lines()
                .filter(each -> each.startsWith(begin))
                .findFirst()
                .orElse("");
    }

    @Test
    void theLastTwoProgramsAreKeptAndAllAreCounted() throws IOException {
        HlsFolder folder = new HlsFolder(directory.resolve("s"), Optional.empty());
        assertEquals("", folder.playlist());
        Path first = folder.begin();
        assertEquals("", folder.playlist());
        write(first, 4);
        folder.begin(); // It dies at once.
        Path third = folder.begin();
        assertFalse(Files.exists(first));
        write(third, 7);

        String playlist = folder.playlist();
        assertEquals("#EXT-X-MEDIA-SEQUENCE:5", line(playlist, "#EXT-X-MEDIA-SEQUENCE"));
        assertEquals("#EXT-X-DISCONTINUITY-SEQUENCE:1", line(playlist, "#EXT-X-DISCONTINUITY-SEQUENCE"));
        assertTrue(playlist.endsWith("3/6.m4s\n"), playlist);
        folder.delete();
        assertFalse(Files.exists(directory.resolve("s")));
        folder.delete();
    }

    @ParameterizedTest
    @CsvSource({
        "1, init.mp4, true",
        "1, 12.m4s, true",
        "1, index.m3u8, false",
        "1, .., false",
        "1, x.m4s, false",
        "1, 1.m4s.tmp, false",
        ".., 1.m4s, false",
        "'', 1.m4s, false",
        "1/.., 1.m4s, false",
        "., init.mp4, false",
    })
    void onlySegmentsHaveAnAddress(String run, String name, boolean there) {
        Optional<Path> file = new HlsFolder(directory, Optional.empty()).file(run, name);
        assertEquals(there, file.isPresent());
        file.ifPresent(path -> assertTrue(path.normalize().startsWith(directory)));
    }

    @Test
    void whatADeadServerHasLeftIsDeletedAndNothingElse() throws IOException {
        new HlsFolder(directory.resolve("ours"), Optional.empty()).begin();
        Path other = Files.createDirectories(directory.resolve("theirs"));
        HlsFolder.sweep(directory);
        assertFalse(Files.exists(directory.resolve("ours")));
        assertTrue(Files.exists(other));
        HlsFolder.sweep(directory.resolve("missing"));
    }
}
