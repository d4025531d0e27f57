package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OggFileTest {
    private static final int SERIAL = 0x1234;
    private static final int PRE_SKIP = 480; // 10 ms

    /** Pages, each with the next number. */
    private static final class Pages {
        private final Bytes file = new Bytes();
        private int sequence;
        private int serial = SERIAL;

        Pages add(int flags, long granule, byte[] lacing, byte[] body) {
            byte[] page = new Bytes()
                    .text("OggS")
                    .little(0, 1)
                    .little(flags, 1)
                    .little(granule, 8)
                    .little(serial, 4)
                    .little(sequence++, 4)
                    .little(0, 4)
                    .little(lacing.length, 1)
                    .raw(lacing)
                    .raw(body)
                    .toBytes();
            byte[] sum = new Bytes().little(OggPage.checksum(page), 4).toBytes();
            System.arraycopy(sum, 0, page, 22, 4);
            file.raw(page);
            return this;
        }

        Pages add(int flags, long granule, String... packets) {
            byte[] body = HexFormat.of().parseHex(String.join("", packets));
            byte[] lacing = new byte[packets.length];
            for (int i = 0; i < lacing.length; i++) {
                lacing[i] = (byte) (packets[i].length() / 2);
            }
            return add(flags, granule, lacing, body);
        }

        Pages head(int channels) {
            byte[] head = new Bytes()
                    .text("OpusHead")
                    .little(1, 1)
                    .little(channels, 1)
                    .little(PRE_SKIP, 2)
                    .little(48_000, 4)
                    .little(0, 2)
                    .little(0, 1)
                    .toBytes();
            return add(2, 0, new byte[] {(byte) head.length}, head);
        }

        Pages tags() {
            // As large as a picture in it makes it: more than one page.
            byte[] lacing = new byte[255];
            Arrays.fill(lacing, (byte) 255);
            add(0, -1, lacing, new byte[255 * 255]);
            return add(1, 0, new byte[] {7}, new byte[7]);
        }

        byte[] toBytes() {
            return file.toBytes();
        }
    }

    // Of 20 ms, by their second byte.
    private static String sound(int number) {
        return "f8%02x".formatted(number);
    }

    private static Pages begin() {
        return new Pages().head(2).tags();
    }

    /** Pages of 100 ms. */
    static byte[] file(int pages, long firstGranule) {
        Pages file = begin();
        for (int i = 0; i < pages; i++) {
            int at = 5 * i;
            file.add(
                    i == pages - 1 ? 4 : 0,
                    firstGranule + 4800L * (i + 1),
                    sound(at),
                    sound(at + 1),
                    sound(at + 2),
                    sound(at + 3),
                    sound(at + 4));
        }
        return file.toBytes();
    }

    private static FrameSource open(byte[] file) throws IOException {
        return MediaFile.open(Bytes.channel(file));
    }

    private static List<String> frames(byte[] file) throws IOException {
        return frames(open(file));
    }

    private static List<String> frames(FrameSource source) throws IOException {
        List<String> frames = new ArrayList<>();
        for (SourceFrame frame = source.next(); frame != null; frame = source.next()) {
            frames.add(frame.time().toMillis() + " " + HexFormat.of().formatHex(frame.data(), 1, 2));
        }
        return frames;
    }

    @Test
    void readsPacketsWithTheirTimes() throws IOException {
        for (long start : new long[] {0, 960_000}) {
            FrameSource source = open(file(2, start));
            assertEquals(Optional.of(Duration.ofMillis(190)), source.duration());
            assertEquals(
                    List.of(
                            "-10 00", "10 01", "30 02", "50 03", "70 04", "90 05", "110 06", "130 07", "150 08",
                            "170 09"),
                    frames(source));
        }
    }

    @Test
    void seeksToThePacketBefore() throws IOException {
        FrameSource source = open(file(50, 0));
        for (int[] each :
                new int[][] {{1000, 990}, {0, -10}, {4000, 3990}, {9, -10}, {10, 10}, {60_000, 4970}, {2009, 1990}}) {
            source.seek(Duration.ofMillis(each[0]));
            SourceFrame frame = source.next();
            assertTrue(frame != null);
            assertEquals(each[1], frame.time().toMillis(), "sought " + each[0]);
        }
    }

    @Test
    void aPacketGoesOnOnTheNextPage() throws IOException {
        byte[] large = new byte[300];
        large[0] = (byte) 0xF8;
        large[1] = 7;
        byte[] rest = new byte[47]; // And another packet.
        rest[45] = (byte) 0xF8;
        rest[46] = 9;
        byte[] file = begin().add(0, 960, sound(1))
                .add(0, -1, new byte[] {(byte) 255}, Arrays.copyOf(large, 255))
                .add(1, 960 * 3, new byte[] {45, 2}, rest)
                .toBytes();
        FrameSource source = open(file);
        source.next();
        SourceFrame frame = source.next();
        assertTrue(frame != null);
        assertEquals(300, frame.data().length);
        assertEquals(List.of("30 09"), frames(source));
    }

    @Test
    void whatIsDamagedIsLeftOutAndTimesStayRight() throws IOException {
        byte[] file = file(4, 0);
        byte[] page = new Bytes().text("OggS").toBytes();
        int at = -1;
        int seen = 0;
        for (int i = 0; i < file.length - 4 && seen < 5; i++) {
            if (Arrays.equals(file, i, i + 4, page, 0, 4)) {
                at = i;
                seen++;
            }
        }
        file[at + 35] ^= 1; // In the second page of sound.
        assertEquals(
                List.of("-10 00", "10 01", "30 02", "50 03", "70 04", "190 0a", "210 0b"),
                frames(file).subList(0, 7));
    }

    @Test
    void otherStreamsAreLeftOutAndASecondOneEndsIt() throws IOException {
        Pages muxed = new Pages();
        muxed.serial = 9;
        muxed.add(2, 0, "80" + "7468656f7261");
        muxed.serial = SERIAL;
        muxed.head(2);
        muxed.serial = 8;
        muxed.add(2, 0, "01");
        muxed.serial = SERIAL;
        muxed.tags().add(0, 960, sound(1));
        muxed.serial = 9;
        muxed.add(0, 5, "010203");
        muxed.serial = SERIAL;
        muxed.add(4, 1920, sound(2));
        muxed.serial = 77;
        muxed.head(2).tags().add(0, 960, sound(3));
        assertEquals(List.of("-10 01", "10 02"), frames(muxed.toBytes()));
    }

    @Test
    void whatCannotBePlayedIsNamed() {
        assertEquals(
                "none of its streams can be played: Opus of more than two channels; Opus can",
                refused(new Pages().head(6).toBytes()));
        assertEquals(
                "none of its streams can be played: ?vorbis; Opus can",
                refused(new Pages().add(2, 0, "01" + "766f72626973").toBytes()));
        assertEquals("the file has no media", refused(begin().toBytes()));
        assertEquals("the file has no media", refused(new Pages().head(1).toBytes()));
        assertEquals(
                "the file has impossible times",
                refused(begin().add(0, 960, sound(1))
                        .add(0, Long.MAX_VALUE, sound(2))
                        .toBytes()));
        assertEquals(
                "the file is broken at byte 0",
                refused(new Bytes().text("OggS").raw(new byte[200_000]).toBytes()));
    }

    private static String refused(byte[] file) {
        return String.valueOf(
                assertThrows(MediaFileException.class, () -> frames(file)).getMessage());
    }

    @Test
    void whereverItIsCutOffItEnds() throws IOException {
        byte[] whole = file(3, 0);
        List<String> all = frames(whole);
        int begin = begin().toBytes().length;
        for (int length = begin + 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                List<String> frames = frames(cut);
                assertEquals(all.subList(0, frames.size()), frames);
            } catch (MediaFileException e) {
                assertEquals("the file has no media", e.getMessage());
                assertTrue(length < begin + 27 + 5 + 10);
            }
        }
    }
}
