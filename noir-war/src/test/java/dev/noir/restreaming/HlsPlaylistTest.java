package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HlsPlaylistTest {
    /** As FFmpeg writes it. */
    private static HlsRun run(int number, int first, int segments) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n");
        text.append("#EXT-X-MEDIA-SEQUENCE:").append(first).append("\n#EXT-X-MAP:URI=\"init.mp4\"\n");
        IntStream.range(first, first + segments).forEach(each -> text.append(
                        "#EXTINF:2.040000,\n#EXT-X-PROGRAM-DATE-TIME:2026-11-29T18:25:26.106+0000\n")
                .append(each)
                .append(".m4s\n"));
        return HlsRun.read(number, text.toString());
    }

    private static List<String> lines(long gone, int runsGone, HlsRun... runs) {
        return HlsPlaylist.of(gone, runsGone, List.of(runs))
                .lines()
                .filter(line -> !line.startsWith("#EXT-X-PROGRAM") && !line.startsWith("#EXTINF"))
                .skip(3)
                .toList();
    }

    @Test
    void nothingIsPlayedBeforeThereIsSomething() {
        assertEquals("", HlsPlaylist.of(0, 0, List.of()));
        assertEquals("", HlsPlaylist.of(0, 0, List.of(run(1, 0, 0))));
    }

    @Test
    void whatAPlayerIsTold() {
        assertEquals(
                """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-TARGETDURATION:2
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-MAP:URI="1/init.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-29T18:25:26.106+0000
                #EXTINF:2.040,
                1/0.m4s
                """,
                HlsPlaylist.of(0, 0, List.of(run(1, 0, 1))));
    }

    @Test
    void numbersGoOnFromOneProgramToTheNext() {
        assertEquals(
                List.of(
                        "#EXT-X-TARGETDURATION:2",
                        "#EXT-X-MEDIA-SEQUENCE:43",
                        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
                        "#EXT-X-MAP:URI=\"1/init.mp4\"",
                        "1/43.m4s",
                        "1/44.m4s",
                        "1/45.m4s",
                        "#EXT-X-DISCONTINUITY",
                        "#EXT-X-MAP:URI=\"2/init.mp4\"",
                        "2/0.m4s",
                        "2/1.m4s",
                        "2/2.m4s"),
                lines(0, 0, run(1, 40, 6), run(2, 0, 3)));
        assertEquals(
                List.of("#EXT-X-MEDIA-SEQUENCE:46", "#EXT-X-DISCONTINUITY-SEQUENCE:1", "#EXT-X-MAP:URI=\"2/init.mp4\""),
                lines(0, 0, run(1, 40, 6), run(2, 0, 6)).subList(1, 4));
        assertEquals(
                List.of("#EXT-X-MEDIA-SEQUENCE:52", "#EXT-X-DISCONTINUITY-SEQUENCE:2", "#EXT-X-MAP:URI=\"4/init.mp4\""),
                lines(46, 1, run(2, 0, 6), run(3, 0, 0), run(4, 0, 6)).subList(1, 4));
    }

    @Test
    void whatIsNoPlaylistIsEmpty() {
        assertEquals(
                List.of(),
                HlsRun.read(1, "#EXTINF:x,\n../../etc/passwd\n#EXT-X-MEDIA-SEQUENCE:99999999999\n0.ts\n<html>")
                        .segments());
    }
}
