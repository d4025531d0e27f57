package dev.noir.playing;

import static dev.noir.playing.Mp4.FTYP;
import static dev.noir.playing.Mp4.OPUS;
import static dev.noir.playing.Mp4.VP8;
import static dev.noir.playing.Mp4.box;
import static dev.noir.playing.Mp4.bytes;
import static dev.noir.playing.Mp4.defaults;
import static dev.noir.playing.Mp4.movie;
import static dev.noir.playing.Mp4.picture;
import static dev.noir.playing.Mp4.sound;
import static dev.noir.playing.Mp4.table;
import static dev.noir.playing.Mp4.time;
import static dev.noir.playing.Mp4.track;
import static dev.noir.playing.Mp4.word;
import static dev.noir.playing.Mp4.zeros;
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
import org.junit.jupiter.params.provider.CsvSource;

final class Mp4FileTest {
    private static final String NO_KEY = "01010000";
    private static final String PICTURES = track(1, 1000, "", VP8);
    private static final String SOUNDS = track(2, 48_000, "", OPUS);

    @TempDir
    Path folder;

    private static FrameSource open(byte[] file) throws IOException {
        return MediaFile.open(Bytes.channel(file));
    }

    private static List<String> frames(FrameSource source) throws IOException {
        List<String> frames = new ArrayList<>();
        for (SourceFrame frame = source.next(); frame != null; frame = source.next()) {
            frames.add(frame.track() + " " + frame.time().toMillis() + (frame.key() ? " key " : " ")
                    + HexFormat.of().formatHex(frame.data()));
        }
        return frames;
    }

    private static String words(String... parts) {
        return String.valueOf(assertThrows(MediaFileException.class, () -> frames(open(bytes(parts))))
                .getMessage());
    }

    /** A fragment of one track, whose data comes right behind it. */
    private static String fragment(int track, long time, String headFlags, String head, String... runs) {
        return box(
                "moof",
                box("mfhd", zeros(8)),
                box("traf", box("tfhd", headFlags + word(track) + head), time(time), String.join("", runs)));
    }

    private byte[] recorded(Codec codec, String configuration, boolean whole) throws IOException {
        Path path = folder.resolve(codec + "" + whole + ".mp4");
        RecordedMedia media = RecordedMedia.mp4(path, codec, bytes(configuration));
        for (int ms = 0; ms < 5000; ms += 100) {
            media.add(1, ms, true, bytes("f801"));
            media.add(2, ms, ms % 2000 == 0, bytes(word(ms)));
        }
        if (whole) {
            media.finish();
        } else {
            media.abandon();
        }
        return Files.readAllBytes(path);
    }

    @Test
    void aRecordingIsReadAsItWasWritten() throws IOException {
        FrameSource source = open(recorded(Codec.VP9, "0115820202020000", true));

        assertEquals(
                List.of("2 VP9 640x360", "1 OPUS 0x0"),
                source.tracks().stream()
                        .map(each -> each.number() + " " + each.codec() + " " + each.width() + "x" + each.height())
                        .sorted((one, other) -> other.compareTo(one))
                        .toList());
        assertEquals(Optional.of(Duration.ofSeconds(5)), source.duration());
        List<String> frames = frames(source);
        assertEquals(100, frames.size());
        assertEquals(
                List.of("1 0 key f801", "2 0 key 00000000", "1 100 key f801", "2 100 00000064"), frames.subList(0, 4));
        SourceTrack video = source.tracks().stream()
                .filter(each -> each.codec() == Codec.VP9)
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new byte[] {1, 1, 1}, video.codecPrivate(), "profile 1 in Matroska's words");
    }

    @Test
    void whatAServerLeavesThatIsKilledIsRead() throws IOException {
        byte[] file = recorded(Codec.VP9, "0015820202020000", false);
        FrameSource source = open(file);
        assertEquals(Optional.empty(), source.duration());
        int all = frames(source).size();
        assertTrue(all > 80, all + " frames");

        int before = all;
        for (int length = file.length; length > 2000; length -= 13) {
            int left = frames(open(Arrays.copyOf(file, length))).size();
            assertTrue(left <= before);
            before = left;
        }
        assertTrue(before < all / 2);
    }

    @ParameterizedTest
    @CsvSource({"4500, 4000", "4000, 4000", "3999, 2000", "100, 0", "0, 0", "99999999, 4000"})
    void itGoesToTheKeyFrameBefore(long to, long found) throws IOException {
        FrameSource source = open(recorded(Codec.VP9, "0015820202020000", true));
        for (int i = 0; i < 2; i++) { // Without knowing the file, and knowing it.
            source.seek(Duration.ofMillis(to));
            SourceFrame frame = source.next();
            while (frame != null && frame.track() != 2) {
                assertEquals(found, frame.time().toMillis(), "nothing of before");
                frame = source.next();
            }
            assertEquals(
                    "key " + found,
                    frame == null
                            ? ""
                            : (frame.key() ? "key " : "") + frame.time().toMillis());
            frames(source);
        }
    }

    @Test
    void whatSamplesDoNotSayTheirTrackSays() throws IOException {
        String first = fragment(1, 1000, "00020000", "", box("trun", "00000005" + word(2) + word(100) + "02000000"));
        assertEquals(92, first.length() / 2);
        byte[] file = bytes(FTYP, movie(0, PICTURES, defaults(1, 40, 2, NO_KEY)), first, box("mdat", "aabb" + "ccdd"));

        assertEquals(List.of("1 0 key aabb", "1 40 ccdd"), frames(open(file)));
    }

    @Test
    void whatTheirFragmentSaysGoesBefore() throws IOException {
        String header = FTYP + movie(0, PICTURES, SOUNDS, defaults(1, 40, 2, NO_KEY));
        int data = header.length() / 2 + 8;
        String fragments = fragment(
                        1,
                        0,
                        "00000039",
                        "%016x".formatted(data) + word(20) + word(1) + "00000000",
                        box("trun", "00000000" + word(2)),
                        box("trun", "00000801" + word(1) + word(3) + word(0xFFFFFFFFL)))
                + fragment(
                        2,
                        480,
                        "00000009",
                        "%016x".formatted(data) + word(960),
                        box("trun", "00000200" + word(1) + word(2)));
        byte[] file = bytes(header, box("mdat", "a1a2a3a4"), fragments);

        assertEquals(List.of("1 0 key a1", "1 20 key a2", "1 39 key a4", "2 10 key a1a2"), frames(open(file)));
    }

    /** A movie of which each sample is in a table. */
    static byte[] whole(String pictureTables, String soundTables, String edits) {
        String video = track(1, 1000, "", VP8, pictureTables);
        String audio = track(2, 48_000, edits, OPUS, soundTables);
        return bytes(FTYP, box("mdat", "a1" + "b1b2" + "a2a3a4" + "b3" + "a5"), movie(200, video, audio));
    }

    private static final int DATA = FTYP.length() / 2 + 8;

    static String pictures() {
        return table("stts", 2, 1, 40, 2, 50)
                + table("ctts", 2, 2, 0, 1, 5)
                + table("stsc", 1, 1, 1, 1)
                + table("stsz", 0, 3, 1, 3, 1)
                + table("stco", 3, DATA, DATA + 3, DATA + 7)
                + table("stss", 2, 1, 3);
    }

    static String sounds() {
        return table("stts", 1, 2, 960)
                + table("stsc", 2, 1, 1, 1, 2, 1, 1)
                + table("stsz", 0, 2, 2, 1)
                + box("co64", zeros(4) + word(2) + zeros(4) + word(DATA + 1) + zeros(4) + word(DATA + 6));
    }

    @Test
    void aFileWithTablesIsReadInTheOrderOfTime() throws IOException {
        FrameSource source = open(whole(pictures(), sounds(), ""));

        assertEquals(Optional.of(Duration.ofMillis(200)), source.duration());
        List<String> all = List.of("1 0 key a1", "2 0 key b1b2", "2 20 key b3", "1 40 a2a3a4", "1 95 key a5");
        assertEquals(all, frames(source));
        source.seek(Duration.ofMillis(95));
        assertEquals(List.of("1 95 key a5"), frames(source));
        source.seek(Duration.ofMillis(94));
        assertEquals(all, frames(source));
    }

    @ParameterizedTest
    @CsvSource({
        "1 960, -20", // Its first 20 ms are not to be heard.
        "2 4294967295, 100", // It begins later.
    })
    void editsShiftATrack(String edit, long first) throws IOException {
        long[] numbers = edit.startsWith("1")
                ? new long[] {0, 960, 0x10000}
                : new long[] {100, 0xFFFFFFFFL, 0x10000, 0, 0, 0x10000};
        String edits = box("edts", table("elst", numbers.length / 3, numbers));

        List<String> frames = frames(open(whole(pictures(), sounds(), edits)));
        assertEquals(
                "2 " + first + " key b1b2",
                frames.stream().filter(each -> each.startsWith("2")).findFirst().orElse(""));
    }

    @Test
    void codecsBringTheirConfiguration() throws IOException {
        String sps = "0142001f" + "ffe1" + "0004" + "6742001f" + "01" + "0002" + "68ce";
        String run = box("trun", "00000301" + word(1) + word(100) + word(40) + word(1));
        for (List<String> each : List.of(
                List.of("avc1", box("avcC", sps), "H264", sps),
                List.of("av01", box("av1C", "81000c000a00"), "AV1", "81000c000a00"),
                List.of("vp09", box("vpcC", "01000000" + "0215a30202020000"), "VP9", "010102"))) {
            byte[] file = bytes(
                    FTYP,
                    movie(0, track(1, 1000, "", picture(each.get(0), each.get(1)))),
                    fragment(1, 0, "00020000", "", run),
                    box("mdat", "00"));
            SourceTrack track = open(file).tracks().get(0);
            assertEquals(
                    each.get(2) + " " + each.get(3),
                    track.codec() + " " + HexFormat.of().formatHex(track.codecPrivate()));
        }
    }

    @Test
    void whatCannotBePlayedIsSaid() {
        assertEquals(
                "none of its tracks can be played: hvc1, mp4a, an encrypted one, Opus of more than two channels, avc1 without"
                        + " parameter sets; VP8, VP9, AV1, H264 and Opus can",
                words(
                        FTYP,
                        movie(
                                0,
                                track(1, 1000, "", picture("hvc1", "")),
                                track(2, 1000, "", sound("mp4a", "")),
                                track(3, 1000, "", picture("encv", "")),
                                track(4, 1000, "", sound("Opus", box("dOps", "0006" + zeros(8) + "01"))),
                                track(5, 1000, "", picture("avc1", box("avcC", "0142001fffe0"))))));
        assertEquals("the file has no media", words(FTYP, movie(0, PICTURES)));
        assertEquals("the file ends before its media begin", words(FTYP, box("free", zeros(9))));
        assertEquals("the file lacks the box mvhd", words(FTYP, box("moov", PICTURES)));
    }

    @Test
    void whatIsLargerThanWhatItIsInIsBroken() {
        assertEquals(
                "a box of the file is broken: moov",
                words(FTYP, box("moov", box("mvhd", zeros(96)).replaceFirst("^........", word(4000)))));
        assertEquals("the file is broken at byte 20", words(FTYP, word(7) + Webm.text("moov")));
        assertEquals(
                "the file is broken at byte 20",
                words(FTYP, word(1) + Webm.text("free") + "7fffffffffffffff", zeros(8)));
        assertEquals(
                "the file is broken at byte 20",
                words(FTYP, word(0x7FFFFFFF) + Webm.text("moov") + zeros(100)),
                "more than a movie has");
    }

    @Test
    void lyingFragmentsAreRefused() {
        String movie = movie(0, PICTURES, defaults(1, 40, 2, NO_KEY));
        String many = box("trun", "00000000" + word(0xFFFFFFFFL));
        assertEquals("a box of the file is broken: trun", words(FTYP, movie, fragment(1, 0, "00020000", "", many)));
        String more = box("trun", "00000200" + word(3) + word(1));
        assertEquals("a box of the file is broken: trun", words(FTYP, movie, fragment(1, 0, "00020000", "", more)));
        String huge = box("trun", "00000200" + word(1) + word(0x7FFFFFFF));
        assertEquals(
                "the file says that it has more media than it has bytes",
                words(FTYP, movie, fragment(1, 0, "00020000", "", huge)));
        String large = box("trun", "00000200" + word(1) + word((1 << 20) + 1));
        assertEquals(
                "a frame of 1048577 bytes is too large",
                words(FTYP, movie, fragment(1, 0, "00020000", "", large), box("mdat", zeros(1 << 20))));
        String free = fragment(1, 0, "00020010", word(0), box("trun", "00000000" + word(9)));
        assertEquals("a box of the file is broken: trun", words(FTYP, movie, free));
        String none = box("moof", box("traf", box("tfhd", "00020000" + word(1)), box("trun", "00000000" + word(1))));
        assertEquals("the file's fragments do not say what time they are of", words(FTYP, movie, none));
        String late = fragment(1, Long.MAX_VALUE, "00020000", "", box("trun", "00000000" + word(1)));
        assertEquals("the file has impossible times", words(FTYP, movie, late));
        String again = box("trun", "00000000" + word(1000));
        assertEquals(
                "the file says that it has more media than it has bytes",
                words(
                        FTYP,
                        movie,
                        fragment(1, 0, "00020000", "", again, box("trun", "00000001" + word(1000) + word(0)))
                                + box("mdat", zeros(2000))));
    }

    @Test
    void lyingTablesAreRefused() {
        String sizes = table("stsz", 0, 0xFFFFFFFFL);
        String chunks = table("stsc", 1, 1, 1, 1) + table("stco", 1, 0) + table("stts", 1, 9, 1);
        assertEquals(
                "a box of the file is broken: stsz", words(FTYP, movie(0, track(1, 1000, "", VP8, sizes, chunks))));
        String empty = table("stsc", 1, 1, 0, 1) + table("stco", 1, 0) + table("stts", 1, 9, 1);
        String one = table("stsz", 1, 9);
        assertEquals("a box of the file is broken: stsc", words(FTYP, movie(0, track(1, 1000, "", VP8, one, empty))));
        assertEquals(
                "a box of the file is broken: stts",
                words(
                        FTYP,
                        movie(
                                0,
                                track(
                                        1,
                                        1000,
                                        "",
                                        VP8,
                                        one,
                                        table("stsc", 1, 1, 9, 1),
                                        table("stco", 1, 0),
                                        table("stts", 0)))));
        assertEquals(
                "the file says that it has more media than it has bytes",
                words(FTYP, movie(0, track(1, 1000, "", VP8, table("stsz", 1000, 0xFFFFFFFFL), chunks))));
        assertEquals("a box of the file is broken: mdhd", words(FTYP, movie(0, track(1, 0, "", VP8, one, chunks))));
    }
}
