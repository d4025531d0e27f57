package dev.noir.playing;

import static dev.noir.playing.Webm.OPUS_ENTRY;
import static dev.noir.playing.Webm.VP8_ENTRY;
import static dev.noir.playing.Webm.block;
import static dev.noir.playing.Webm.cluster;
import static dev.noir.playing.Webm.element;
import static dev.noir.playing.Webm.entry;
import static dev.noir.playing.Webm.file;
import static dev.noir.playing.Webm.head;
import static dev.noir.playing.Webm.time;
import static dev.noir.playing.Webm.tracks;
import static dev.noir.playing.Webm.unknown;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.RecordedMedia;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebmFileTest {
    // Opus of 20 ms: CELT, one frame.
    private static final String SOUND = "f801";
    private static final String TRACKS = tracks(VP8_ENTRY, OPUS_ENTRY);

    @TempDir
    Path folder;

    private static FrameSource open(byte[] file) throws IOException {
        return MediaFile.open(Bytes.channel(file));
    }

    private static String print(SourceFrame frame) {
        return frame.track() + " " + frame.time().toMillis() + (frame.key() ? " key " : " ")
                + HexFormat.of().formatHex(frame.data(), 0, Math.min(2, frame.data().length));
    }

    private static List<String> frames(FrameSource source) throws IOException {
        List<String> frames = new ArrayList<>();
        for (SourceFrame frame = source.next(); frame != null; frame = source.next()) {
            frames.add(print(frame));
        }
        return frames;
    }

    private static List<String> frames(byte[] file) throws IOException {
        return frames(open(file));
    }

    private static String refused(byte[] file) {
        return String.valueOf(
                assertThrows(MediaFileException.class, () -> frames(file)).getMessage());
    }

    /** Ten seconds as they are recorded, with a key frame each two. */
    private byte[] recorded(boolean whole) throws IOException {
        Path path = folder.resolve(whole + ".webm");
        RecordedMedia media = new RecordedMedia(path, Codec.VP8, new byte[0]);
        for (int ms = 0; ms < 10_000; ms += 20) {
            media.add(1, ms, true, new byte[] {(byte) 0xF8, (byte) (ms / 20)});
            if (ms % 40 == 0) {
                media.add(2, ms, ms % 2000 == 0, new byte[] {(byte) (ms / 40), 7, 7});
            }
        }
        if (whole) {
            media.finish();
        } else {
            media.abandon();
        }
        return Files.readAllBytes(path);
    }

    @Test
    void readsWhatIsRecorded() throws IOException {
        FrameSource source = open(recorded(true));
        assertEquals(
                List.of(Codec.OPUS, Codec.VP8),
                source.tracks().stream().map(SourceTrack::codec).toList());
        assertEquals(640, source.tracks().get(1).width());
        assertEquals(Optional.of(Duration.ofMillis(9980)), source.duration());
        List<String> frames = frames(source);
        assertEquals(500 + 250, frames.size());
        assertEquals(
                List.of("1 0 key f800", "2 0 key 0007", "1 20 key f801", "1 40 key f802", "2 40 0107"),
                frames.subList(0, 5));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seeksToTheKeyFrameBeforeWithAnIndexOrWithoutOne(boolean indexed) throws IOException {
        FrameSource source = open(recorded(indexed));
        for (int ms : new int[] {9999, 0, 1999, 2000, 7000, 60_000, 3999, 1}) {
            source.seek(Duration.ofMillis(ms));
            SourceFrame frame = source.next();
            assertTrue(frame != null);
            assertEquals(2000L * (Math.min(ms, 9999) / 2000), frame.time().toMillis(), "sought " + ms);
            assertTrue(frame.key());
            // At the very beginning, sound stands before it.
            assertEquals(ms == 0 ? 1 : 2, frame.track());
        }
        source.seek(Duration.ZERO);
        assertEquals(750, frames(source).size());
    }

    @Test
    void anIndexThatLiesIsNotFollowed() throws IOException {
        byte[] file = recorded(true);
        // Each position in the index, of two bytes or more, leads somewhere else.
        for (int i = file.length - 200; i < file.length - 4; i++) {
            if ((file[i] & 0xFF) == 0xF1 && (file[i + 1] & 0xF0) == 0x80) {
                file[i + 2] ^= 5;
            }
        }
        FrameSource source = open(file);
        source.seek(Duration.ofMillis(6500));
        SourceFrame frame = source.next();
        assertTrue(frame != null);
        assertEquals("2 6000 key 9607", print(frame));
    }

    @Test
    void whatIsWrittenLiveHasNoSizes() throws IOException {
        byte[] file = file(
                TRACKS,
                unknown("1f43b675", time(5000) + block(1, 0, 0x80, "aa") + block(2, 3, 0x80, SOUND)),
                unknown("1f43b675", time(5040) + block(1, 0, 0, "bb") + block(2, -17, 0x80, SOUND)),
                element("1c53bb6b", ""),
                unknown("1f43b675", time(5080) + block(1, 0, 0, "cc")));
        assertEquals(List.of("1 0 key aa", "2 3 key f801", "1 40 bb", "2 23 key f801", "1 80 cc"), frames(file));
    }

    @Test
    void elementsThatAreNotKnownArePassedOver() throws IOException {
        byte[] file = file(
                element("ec", "000000"), // Void.
                element("bf", "01020304"), // A checksum.
                element("4def", "1234"), // Unknown.
                TRACKS,
                element("1254c367", "00"),
                element(
                        "1f43b675",
                        element("bf", "01020304")
                                + time(0)
                                + element("a7", "00")
                                + block(1, 0, 0x80, "aa")
                                + element("ec", "")
                                + element("58d7", "00")
                                + block(1, 40, 0, "bb")));
        assertEquals(List.of("1 0 key aa", "1 40 bb"), frames(file));
    }

    @Test
    void groupsSayByTheirReferencesWhatIsAKeyFrame() throws IOException {
        String key = element("a0", element("a1", "81000000" + "aa") + element("9b", "28"));
        String delta = element("a0", element("fb", "ff") + element("a1", "81002800" + "bb"));
        assertEquals(List.of("1 0 key aa", "1 40 bb"), frames(file(TRACKS, cluster(0, key, delta))));
    }

    @Test
    void lacedSoundComesApart() throws IOException {
        String second = "f802";
        String third = "f80333";
        List<String> expected = List.of("2 0 key f801", "2 20 key f802", "2 40 key f803");
        assertEquals(
                expected,
                frames(file(TRACKS, cluster(0, block(2, 0, 0x82, "02" + "02" + "02" + SOUND + second + third)))));
        // Sizes: 2, and no difference.
        assertEquals(
                expected,
                frames(file(TRACKS, cluster(0, block(2, 0, 0x86, "02" + "82" + "bf" + SOUND + second + third)))));
        assertEquals(expected, frames(file(TRACKS, cluster(0, block(2, 0, 0x84, "02" + SOUND + second + "f803")))));
        // 258 bytes, in the manner of Xiph and of EBML.
        String large = "f8" + "00".repeat(257);
        assertEquals(
                List.of("2 0 key f800", "2 20 key f801"),
                frames(file(TRACKS, cluster(0, block(2, 0, 0x82, "01" + "ff03" + large + SOUND)))));
        assertEquals(
                List.of("2 0 key f800", "2 20 key f801"),
                frames(file(TRACKS, cluster(0, block(2, 0, 0x86, "01" + "4102" + large + SOUND)))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0220" + "f801f802", // Of Xiph, longer than the block.
                "ff" + "f801", // 256 of them.
                "02ffffffffff",
            })
    void sizesThatDoNotFitAreBroken(String content) {
        for (int lacing : new int[] {0x82, 0x86}) {
            String next = block(2, 20, 0x80, "f8".repeat(2000));
            String words = refused(file(TRACKS, cluster(0, block(2, 0, lacing, content), next)));
            assertTrue(words.startsWith("the file is broken at byte "), words);
        }
    }

    @Test
    void timesAreInTheirScaleAndLessTheDelay() throws IOException {
        String delayed = entry(2, "A_OPUS", element("56aa", "6acfc0")); // 7 ms
        String micros = element("1549a966", element("2ad7b1", "03e8") + element("4489", "461c4000"));
        FrameSource source = open(file(
                micros,
                tracks(VP8_ENTRY, delayed),
                cluster(1000, block(2, 0, 0x80, SOUND), block(1, 2500, 0x80, "aa"))));
        assertEquals(Optional.of(Duration.ofMillis(10)), source.duration());
        assertEquals(List.of("2 -7 key f801", "1 2 key aa"), frames(source));
    }

    @Test
    void onlyWhatCanBePlayedIs() throws IOException {
        String aac = entry(3, "A_AAC", "");
        String second = entry(4, "V_VP9", "");
        FrameSource source = open(file(
                tracks(aac, VP8_ENTRY, second, OPUS_ENTRY),
                cluster(
                        0,
                        block(3, 0, 0x80, "01"),
                        block(4, 0, 0x80, "02"),
                        block(1, 0, 0x80, "aa"),
                        block(9, 0, 0, "03"))));
        assertEquals(
                List.of(1, 2), source.tracks().stream().map(SourceTrack::number).toList());
        assertEquals(List.of("1 0 key aa"), frames(source));
    }

    @Test
    void whatCannotBePlayedIsNamed() {
        assertEquals(
                "none of its tracks can be played: V_MPEGH/ISO/HEVC, A_AAC; VP8, VP9, AV1, H264 and Opus can",
                refused(file(tracks(entry(1, "V_MPEGH/ISO/HEVC", ""), entry(2, "A_AAC", "")), cluster(0))));
        assertEquals(
                "none of its tracks can be played: V_MPEG4/ISO/AVC without parameter sets,"
                        + " A_OPUS of more than two channels, V_VP8, compressed again or encrypted;"
                        + " VP8, VP9, AV1, H264 and Opus can",
                refused(file(
                        tracks(
                                entry(1, "V_MPEG4/ISO/AVC", ""),
                                entry(2, "A_OPUS", element("63a2", "4f707573486561640106380180bb0000000001")),
                                entry(3, "V_VP8", element("6d80", ""))),
                        cluster(0))));
        assertEquals(
                "the file is neither WebM nor Matroska",
                refused(Webm.bytes(element("1a45dfa3", element("4282", Webm.text("other"))), unknown("18538067", ""))));
        assertEquals("the file does not say what its tracks are", refused(file(cluster(0))));
    }

    @Test
    void tracksThatChangeAreRefusedAndOthersLikeThemAreNot() throws IOException {
        String first = cluster(0, block(1, 0, 0x80, "aa"));
        String more = cluster(40, block(1, 0, 0, "bb"));
        assertEquals(List.of("1 0 key aa", "1 40 bb"), frames(file(TRACKS, first, TRACKS, more)));
        assertEquals(
                "its tracks change in the middle of the file",
                refused(file(TRACKS, first, tracks(entry(1, "V_VP9", ""), OPUS_ENTRY), more)));
    }

    @Test
    void aFileBehindAFileIsNotPlayed() throws IOException {
        byte[] one = file(TRACKS, cluster(0, block(1, 0, 0x80, "aa")));
        assertEquals(List.of("1 0 key aa"), frames(new Bytes().raw(one).raw(one).toBytes()));
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() {
        String frame = "a3" + "01" + "%014x".formatted(8 << 20) + "81000080";
        Bytes file = new Bytes()
                .raw(file(TRACKS, unknown("1f43b675", time(0) + frame)))
                .raw(new byte[9 << 20]);
        assertEquals("a frame of 8388604 bytes is too large", refused(file.toBytes()));
        String entry = "ae" + "01" + "%014x".formatted(0x20000) + "63a2" + "01" + "%014x".formatted(0x1FFF0);
        Bytes large = new Bytes()
                .raw(file("1654ae6b" + "01" + "%014x".formatted(0x20010) + entry))
                .raw(new byte[0x20000]);
        assertTrue(refused(large.toBytes()).startsWith("the file is broken"));
    }

    @Test
    void partsWithoutAnEndAreBroken() {
        String media = cluster(0, block(1, 0, 0x80, "aa"));
        String entry = unknown("ae", element("d7", "01") + element("86", Webm.text("V_VP8")));
        for (String part : List.of(
                unknown("1549a966", element("2ad7b1", "03e8")),
                unknown("114d9b74", ""),
                element("114d9b74", unknown("4dbb", "")),
                unknown("1654ae6b", VP8_ENTRY),
                element("1654ae6b", entry),
                tracks(entry(1, "V_VP8", unknown("e0", element("b0", "0280")))),
                TRACKS + cluster(0, unknown("a0", element("a1", "81000000" + "aa"))))) {
            String words = refused(file(part, TRACKS, media));
            assertTrue(words.startsWith("the file is broken at byte "), part + ": " + words);
        }
    }

    @Test
    void impossibleTimesAreRefused() {
        assertEquals(
                "the file has impossible times",
                refused(file(
                        TRACKS, element("1f43b675", element("e7", "7fffffffffffffff") + block(1, 0, 0x80, "aa")))));
        assertTrue(
                refused(file(TRACKS, element("1f43b675", element("e7", "ffffffffffffffff") + block(1, 0, 0x80, "aa"))))
                        .startsWith("the file is broken"));
        assertTrue(refused(file(element("1549a966", element("2ad7b1", "00")), TRACKS))
                .startsWith("the file is broken"));
    }

    @Test
    void whereverItIsCutOffItEndsOrIsRefused() throws IOException {
        byte[] whole = recorded(true);
        List<String> all = frames(whole);
        for (int length = 0; length < 600; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                List<String> frames = frames(cut);
                assertEquals(all.subList(0, frames.size()), frames);
            } catch (MediaFileException e) {
                assertTrue(length < 400, length + ": " + e.getMessage());
            }
        }
    }

    @Test
    void whatAServerLeavesThatIsKilledCanBePlayed() throws IOException {
        assertEquals(750, frames(recorded(false)).size());
    }

    @Test
    void parametersAreHandedOn() throws IOException {
        byte[] configuration = HexFormat.of().parseHex("014200 1fffe10004674200 1f01000268ce".replace(" ", ""));
        Path path = folder.resolve("h.mkv");
        RecordedMedia media = new RecordedMedia(path, Codec.H264, configuration);
        media.add(2, 0, true, new byte[] {0, 0, 0, 1, 0x65});
        media.finish();
        try (FrameSource source = MediaFile.open(path)) {
            assertEquals(Codec.H264, source.tracks().get(1).codec());
            assertArrayEquals(configuration, source.tracks().get(1).codecPrivate());
        }
        assertTrue(head().length() > 0);
    }
}
