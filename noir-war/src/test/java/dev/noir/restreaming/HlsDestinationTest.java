package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.MediaFormat;
import dev.noir.recording.Part;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HlsDestinationTest {
    @TempDir
    Path directory;

    private List<String> command(Codec codec, boolean transcode) throws IOException {
        HlsFolder folder = new HlsFolder(directory.resolve("s"), Optional.empty());
        MediaFormat format = new MediaFormat(codec, 640, 360, new byte[0]);
        return new HlsDestination("ffmpeg", folder, transcode).command(List.of(new Part.Slot("t", format)));
    }

    private static String after(String option, List<String> command) {
        return command.get(command.indexOf(option) + 1);
    }

    @Test
    void segmentsGoIntoAFolderOfTheirOwn() throws IOException {
        List<String> command = command(Codec.H264, false);
        Path run = directory.resolve("s").resolve("1");
        assertTrue(Files.isDirectory(run));
        assertEquals(run.resolve("index.m3u8").toString(), command.get(command.size() - 1));
        assertEquals(run.resolve("%d.m4s").toString(), after("-hls_segment_filename", command));
        assertEquals("init.mp4", after("-hls_fmp4_init_filename", command));
        assertEquals(2, command.stream().filter("-protocol_whitelist"::equals).count());
        assertTrue(command.indexOf("file") > command.indexOf("pipe:0"), "it writes files alone");
    }

    @Test
    void browsersPlayAllButVp8() throws IOException {
        for (Codec codec : List.of(Codec.H264, Codec.VP9, Codec.AV1)) {
            assertEquals("copy", after("-c:v", command(codec, true)));
        }
        assertEquals("libx264", after("-c:v", command(Codec.VP8, true)));
        assertThrows(RefusedException.class, () -> command(Codec.VP8, false));
    }
}
