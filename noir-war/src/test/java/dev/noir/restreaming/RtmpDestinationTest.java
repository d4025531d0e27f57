package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.MediaFormat;
import dev.noir.recording.Part;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RtmpDestinationTest {
    private static final Part.Slot SOUND = slot(Codec.OPUS);

    private static Part.Slot slot(Codec codec) {
        return new Part.Slot("t", new MediaFormat(codec, 640, 360, new byte[0]));
    }

    private static RtmpDestination to(String url, boolean transcode) {
        return new RtmpDestination(
                "/usr/bin/ffmpeg", RtmpTarget.parse(url), transcode, new TargetRules(List.of(), false), host ->
                        new InetAddress[] {InetAddress.getByName("203.0.113.5")});
    }

    private static String after(String option, List<String> command) {
        return command.get(command.indexOf(option) + 1);
    }

    @Test
    void whatTheProgramIsToldForH264() throws IOException {
        List<String> command = to("rtmp://live.example/app/key", false).command(List.of(slot(Codec.H264), SOUND));
        assertEquals("/usr/bin/ffmpeg", command.get(0));
        assertEquals("pipe", after("-protocol_whitelist", command), "it reads nothing else");
        assertEquals("copy", after("-c:v", command));
        assertEquals("aac", after("-c:a", command));
        List<String> output = command.subList(command.indexOf("-flvflags"), command.size());
        assertEquals(
                List.of(
                        "-flvflags",
                        "no_duration_filesize",
                        "-protocol_whitelist",
                        "rtmp,tcp",
                        "-rtmp_tcurl",
                        "rtmp://live.example/app",
                        "-f",
                        "flv",
                        "rtmp://203.0.113.5/app/key"),
                output);
    }

    @Test
    void withTlsTheHostKeepsItsName() throws IOException {
        List<String> command = to("rtmps://live.example/app/key", false).command(List.of(SOUND));
        assertEquals("rtmps://live.example/app/key", command.get(command.size() - 1));
        assertTrue(command.contains("rtmps,tls,tcp"));
        assertEquals(-1, command.indexOf("-c:v"));
    }

    @Test
    void othersAreTranscodedOrRefused() throws IOException {
        for (Codec codec : List.of(Codec.VP8, Codec.VP9, Codec.AV1)) {
            RefusedException refused =
                    assertThrows(RefusedException.class, () -> to("rtmp://live.example/app/key", false)
                            .command(List.of(slot(codec))));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("RTMP takes H264, and this is "));
            assertEquals(
                    "libx264",
                    after("-c:v", to("rtmp://live.example/app/key", true).command(List.of(slot(codec)))));
        }
        assertEquals(
                "copy", after("-c:v", to("rtmp://live.example/app/key", true).command(List.of(slot(Codec.H264)))));
    }
}
