package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.BoxReader.Box;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Mp4FileTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final String CREATED = "00000000e731c440"; // In seconds since 1904.
    private static final MediaFormat AUDIO = new MediaFormat(Codec.OPUS, 0, 0, new byte[0]);
    private static final MediaFormat VIDEO = new MediaFormat(Codec.H264, 1280, 720, new byte[] {1, 66, 0, 31});
    private static final String MATRIX = "00010000" + "0".repeat(24) + "00010000" + "0".repeat(24) + "40000000";
    private static final String KEY = "02000000";
    private static final String OTHER = "01010000";

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("a.mp4");
    }

    private Mp4File file(MediaFormat... tracks) throws IOException {
        return new Mp4File(
                Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                List.of(tracks),
                START);
    }

    private List<Box> boxes() throws IOException {
        return BoxReader.read(Files.readAllBytes(path), false);
    }

    private List<Box> fragments() throws IOException {
        return boxes().stream().filter(box -> box.type().equals("moof")).toList();
    }

    /** A box by hand: its content in hexadecimal. */
    private static String box(String type, String... content) {
        String inside = String.join("", content);
        String name = HexFormat.of().formatHex(type.getBytes(StandardCharsets.US_ASCII));
        return "%08x".formatted(8 + inside.length() / 2) + name + inside;
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String track(int number, boolean video, String size, int scale, String entry, String more) {
        String zeros = "0".repeat(16);
        return box(
                "trak",
                box(
                        "tkhd",
                        "01000003" + CREATED + CREATED + "%08x".formatted(number) + "00000000" + zeros + zeros,
                        "00000000" + (video ? "0000" : "0100") + "0000" + MATRIX + size),
                box(
                        "mdia",
                        box("mdhd", "01000000" + CREATED + CREATED + "%08x".formatted(scale) + zeros + "55c40000"),
                        box(
                                "hdlr",
                                "0000000000000000" + ascii(video ? "vide" : "soun") + "0".repeat(24) + ascii("noiR")
                                        + "00"),
                        box(
                                "minf",
                                video ? box("vmhd", "00000001" + zeros) : box("smhd", "0000000000000000"),
                                box("dinf", box("dref", "0000000000000001", box("url ", "00000001"))),
                                box(
                                        "stbl",
                                        box("stsd", "0000000000000001", entry),
                                        box("stts", zeros),
                                        box("stsc", zeros),
                                        box("stsz", zeros + "00000000"),
                                        box("stco", zeros),
                                        more))));
    }

    private static String picture(String type, String size, String more) {
        return box(
                type,
                "0000000000000001" + "0".repeat(32) + size + "0048000000480000" + "00000000" + "0001",
                "0".repeat(64) + "0018ffff",
                more);
    }

    private static final String OPUS_ENTRY = box(
            "Opus",
            "0000000000000001" + "0".repeat(16) + "0002001000000000" + "bb800000",
            box("dOps", "00" + "02" + "0000" + "0000bb80" + "0000" + "00"));

    @Test
    void itIsWhatTheStandardSaysByteByByte() throws IOException {
        Mp4File file = file(VIDEO, AUDIO);
        file.add(1, 0, true, new byte[] {0x51, 0x52, 0x53});
        file.add(2, 0, true, new byte[] {0x11});
        file.add(2, 20_000, true, new byte[] {0x21, 0x22});
        file.add(1, 33_333, false, new byte[] {0x61});
        file.add(2, 40_000, true, new byte[] {0x31});
        file.finish();

        String header = header();
        String index = box(
                "mfra",
                box(
                        "tfra",
                        "01000000" + "00000001" + "00000000" + "00000001",
                        "0".repeat(16) + "%016x".formatted(header.length() / 2) + "010101"),
                box("mfro", "00000000" + "00000043"));
        assertEquals(header + fragment() + index, HexFormat.of().formatHex(Files.readAllBytes(path)));
        assertEquals(40, file.lengthMs());
        assertEquals(Files.size(path), file.size());
    }

    private static String header() {
        return box("ftyp", ascii("iso6") + "00000000" + ascii("iso6mp41"))
                + box(
                        "moov",
                        box(
                                "mvhd",
                                "01000000" + CREATED + CREATED + "000003e8" + "0".repeat(16) + "00010000" + "0100",
                                "0".repeat(20) + MATRIX + "0".repeat(48) + "00000003"),
                        track(
                                1,
                                true,
                                "0500000002d00000",
                                90_000,
                                picture("avc1", "050002d0", box("avcC", "0142001f")),
                                ""),
                        track(
                                2,
                                false,
                                "0000000000000000",
                                48_000,
                                OPUS_ENTRY,
                                box("sgpd", "01000000" + ascii("roll") + "0000000200000001" + "fff8")
                                        + box("sbgp", "00000000" + ascii("roll") + "00000000")),
                        box(
                                "mvex",
                                box("mehd", "01000000" + "0000000000000042"), // 66 ms
                                box("trex", "00000000" + "00000001" + "00000001" + "0".repeat(16) + OTHER),
                                box("trex", "00000000" + "00000002" + "00000001" + "0".repeat(16) + KEY)));
    }

    private static String fragment() {
        return box(
                        "moof",
                        box("mfhd", "0000000000000001"),
                        box(
                                "traf",
                                box("tfhd", "0002000000000001"),
                                box("tfdt", "010000000000000000000000"),
                                // 3000 of 90000; the last one is taken to be as long as the one before.
                                box(
                                        "trun",
                                        "00000701" + "00000002" + "000000ec",
                                        "00000bb800000003" + KEY,
                                        "00000bb800000001" + OTHER)),
                        box(
                                "traf",
                                box("tfhd", "0002000000000002"),
                                box("tfdt", "010000000000000000000000"),
                                box(
                                        "trun",
                                        "00000301" + "00000003" + "000000f0",
                                        "000003c000000001",
                                        "000003c000000002",
                                        "000003c000000001"),
                                box("sbgp", "00000000" + ascii("roll") + "00000001" + "00000003" + "00000001")))
                + box("mdat", "515253" + "61" + "11" + "2122" + "31");
    }

    @Test
    void codecsAreSaidInTheWordsOfTheirBindings() throws IOException {
        byte[] av1 = {(byte) 0x81, 9, 12, 0, 10, 1, 0};
        byte[] vp9 = {0, 21, (byte) 0x82, 2, 2, 2, 0, 0};
        file(new MediaFormat(Codec.AV1, 640, 360, av1), new MediaFormat(Codec.VP9, 320, 180, vp9), AUDIO)
                .finish();

        List<Box> tracks = boxes().get(1).all("trak");
        String one = "0000000000000001";
        assertEquals(
                one + picture("av01", "02800168", box("av1C", "81090c000a0100")),
                tracks.get(0).at("mdia", "minf", "stbl", "stsd").hex());
        assertEquals(
                one + picture("vp09", "014000b4", box("vpcC", "01000000" + "0015820202020000")),
                tracks.get(1).at("mdia", "minf", "stbl", "stsd").hex());
        assertEquals(
                one + OPUS_ENTRY,
                tracks.get(2).at("mdia", "minf", "stbl", "stsd").hex());
    }

    /** Sound of 20 ms each, 25 pictures in a second, each third second a key frame. */
    private static void write(Mp4File file, int seconds) throws IOException {
        for (int ms = 0; ms < seconds * 1000; ms += 20) {
            file.add(1, 1000L * ms, true, new byte[] {(byte) ms});
            if (ms % 40 == 0) {
                file.add(2, 1000L * ms, ms % 3000 == 0, new byte[500]);
            }
        }
    }

    /** What a run says of a sample. */
    private record Sample(long time, long duration, long size, long flags) {}

    private static List<Sample> samples(Box fragment, int track) {
        List<Sample> samples = new ArrayList<>();
        for (Box traf : fragment.all("traf")) {
            if (traf.only("tfhd").number(4, 4) != track) {
                continue;
            }
            long time = traf.only("tfdt").number(4, 8);
            Box run = traf.only("trun");
            boolean flags = (run.number(0, 4) & 0x400) != 0;
            int step = flags ? 12 : 8;
            assertEquals(12 + step * run.number(4, 4), run.content().length);
            for (int at = 12; at < run.content().length; at += step) {
                long duration = run.number(at, 4);
                samples.add(new Sample(time, duration, run.number(at + 4, 4), flags ? run.number(at + 8, 4) : 0));
                time += duration;
            }
        }
        return samples;
    }

    /** Of all fragments: each begins when the one before it ends. */
    private List<Sample> samples(int track) throws IOException {
        List<Sample> all = new ArrayList<>();
        for (Box fragment : fragments()) {
            for (Sample sample : samples(fragment, track)) {
                if (!all.isEmpty()) {
                    Sample last = all.get(all.size() - 1);
                    assertEquals(last.time + last.duration, sample.time);
                }
                all.add(sample);
            }
        }
        return all;
    }

    @Test
    void allFramesAreThereEachAsLongAsItIsShown() throws IOException {
        Mp4File file = file(AUDIO, VIDEO);
        write(file, 10);
        file.finish();

        List<Sample> sound = samples(1);
        assertEquals(500, sound.size());
        assertTrue(sound.stream().allMatch(each -> each.duration == 960 && each.size == 1));
        assertEquals(0, sound.get(0).time);
        List<Sample> pictures = samples(2);
        assertEquals(250, pictures.size());
        for (int i = 0; i < pictures.size(); i++) {
            long flags = i % 75 == 0 ? 0x02000000 : 0x01010000;
            assertEquals(new Sample(3600L * i, 3600, 500, flags), pictures.get(i));
        }
        assertEquals(10_000, boxes().get(1).at("mvex", "mehd").number(4, 8));
    }

    @Test
    void noFragmentIsLongerThanThreeQuartersOfASecond() throws IOException {
        Mp4File file = file(AUDIO, VIDEO);
        write(file, 10);
        file.finish();

        long sequence = 0;
        for (Box fragment : fragments()) {
            assertEquals(++sequence, fragment.only("mfhd").number(4, 4));
            for (int track = 1; track <= 2; track++) {
                List<Sample> samples = samples(fragment, track);
                long span = samples.get(samples.size() - 1).time - samples.get(0).time;
                assertTrue(span < 750L * (track == 1 ? 48 : 90), "fragment " + sequence + ": " + span);
            }
        }
    }

    @Test
    void theIndexPointsAtKeyFrames() throws IOException {
        Mp4File file = file(AUDIO, VIDEO);
        write(file, 10);
        file.finish();

        List<Box> boxes = boxes();
        Box index = boxes.get(boxes.size() - 1);
        Box places = index.only("tfra");
        assertEquals(4, places.number(12, 4));
        for (int i = 0; i < 4; i++) {
            int at = 16 + 19 * i;
            assertEquals(3L * 90_000 * i, places.number(at, 8));
            long position = places.number(at + 8, 8);
            Box fragment = fragments().stream()
                    .filter(each -> each.position() == position)
                    .findFirst()
                    .orElseThrow();
            Sample first = samples(fragment, 2).get(0);
            assertEquals(3L * 90_000 * i, first.time);
            assertEquals(0x02000000, first.flags);
            Box run = fragment.all("traf").get((int) places.number(at + 16, 1) - 1);
            assertEquals(2, run.only("tfhd").number(4, 4));
        }
        assertEquals(Files.size(path) - index.position(), index.only("mfro").number(4, 4));
    }

    @Test
    void ofSoundAloneEveryFragmentIsInTheIndex() throws IOException {
        Mp4File file = file(AUDIO);
        for (int ms = 0; ms < 3000; ms += 20) {
            file.add(1, 1000L * ms, true, new byte[50]);
        }
        file.finish();

        Box places = boxes().get(boxes().size() - 1).only("tfra");
        assertEquals(fragments().size(), places.number(12, 4));
        assertEquals(150, samples(1).size());
    }

    @Test
    void whereverItIsCutWhatIsThereCanBeRead() throws IOException {
        Mp4File file = file(AUDIO, VIDEO);
        write(file, 5);
        file.abandon();
        byte[] all = Files.readAllBytes(path);

        int fragments = fragments().size();
        assertTrue(fragments >= 6, fragments + " fragments of 5 seconds");
        for (int length = all.length; length > all.length - 400; length -= 7) {
            long left = BoxReader.read(Arrays.copyOf(all, length), true).stream()
                    .filter(box -> box.type().equals("mdat"))
                    .count();
            assertTrue(left >= fragments - 1);
        }
    }

    /** A camera that is switched off, or a screen on which nothing happens: its last picture is not kept back until there is another. */
    @Test
    void whatStandsStillIsOnDiskAllTheSame() throws IOException {
        Mp4File file = file(AUDIO, VIDEO);
        file.add(2, 0, true, new byte[7]);
        for (int ms = 0; ms < 4000; ms += 20) {
            file.add(1, 1000L * ms, true, new byte[50]);
        }
        List<Sample> still = samples(fragments().get(0), 2);
        assertEquals(List.of(7L), still.stream().map(Sample::size).toList());
        assertEquals(
                1,
                fragments().stream().filter(each -> each.all("traf").size() > 1).count());

        file.add(2, 4_000_000, false, new byte[8]);
        file.finish();
        List<Box> fragments = fragments();
        assertEquals(
                4L * 90_000, samples(fragments.get(fragments.size() - 1), 2).get(0).time, "its own time");
    }

    @Test
    void framesOfTheSameTimeFollowEachOther() throws IOException {
        Mp4File file = file(VIDEO);
        file.add(1, 0, true, new byte[1]);
        file.add(1, 0, false, new byte[1]);
        file.add(1, 5, false, new byte[1]);
        file.add(1, 40_000, false, new byte[1]);
        file.finish();

        assertEquals(
                List.of(0L, 1L, 2L, 3600L),
                samples(1).stream().map(Sample::time).toList());
    }

    @Test
    void aPictureThatIsLargeGoesAlone() throws IOException {
        Mp4File file = file(VIDEO);
        for (int ms = 0; ms < 400; ms += 40) {
            file.add(1, 1000L * ms, ms == 0, new byte[1 << 20]);
        }
        file.finish();

        assertEquals(10, samples(1).size());
        for (Box box : boxes()) {
            assertTrue(box.content().length <= ContainerFile.MAX_PIECE_BYTES + (1 << 20), box.type());
        }
        assertTrue(fragments().size() >= 3);
    }

    /** Takes so many bytes, and is full then. */
    private static final class SmallDisk implements SeekableByteChannel {
        private final SeekableByteChannel file;
        private long left;

        SmallDisk(SeekableByteChannel file, long left) {
            this.file = file;
            this.left = left;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (left == 0) {
                throw new IOException("full");
            }
            int whole = bytes.limit();
            bytes.limit((int) Math.min(whole, bytes.position() + left));
            int written = file.write(bytes);
            bytes.limit(whole);
            left -= written;
            return written;
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Test
    void ofAFragmentThatIsNotWholeNobodyKnows() throws IOException {
        Mp4File whole = file(AUDIO, VIDEO);
        write(whole, 3);
        whole.abandon();
        long size = Files.size(path);
        int most = fragments().size();
        Set<Integer> seen = new HashSet<>();
        for (long limit = size - 12_000; limit < size; limit += 97) {
            Files.delete(path);
            Mp4File file = new Mp4File(
                    new SmallDisk(
                            Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), limit),
                    List.of(AUDIO, VIDEO),
                    START);
            assertThrows(IOException.class, () -> write(file, 3));
            file.abandon();
            List<Box> boxes = BoxReader.read(Files.readAllBytes(path), true);
            long media = boxes.stream().filter(box -> box.type().equals("mdat")).count();
            List<Box> fragments =
                    boxes.stream().filter(box -> box.type().equals("moof")).toList();
            assertTrue(fragments.size() <= media, "each has its media");
            seen.add(fragments.size());
        }
        assertTrue(seen.contains(most - 1) && seen.size() > 1, seen + " of " + most);
    }
}
