package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.sdp.Codec;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class IvfFileTest {
    // A key frame of 640x360, and one that is none.
    private static final byte[] KEY = HexFormat.of().parseHex("100200" + "9d012a" + "8002" + "6801" + "ff");
    private static final byte[] DELTA = {1, 2, 3};

    private static Bytes header(String name) {
        return new Bytes()
                .text("DKIF")
                .little(0, 2)
                .little(32, 2)
                .text(name)
                .little(640, 2)
                .little(360, 2)
                .little(30, 4)
                .little(1, 4)
                .little(0, 8);
    }

    private static Bytes frame(Bytes file, long ticks, byte[] data) {
        return file.little(data.length, 4).little(ticks, 8).raw(data);
    }

    /** 30 pictures per second, each tenth is a key frame; the first is at a minute. */
    static byte[] file(int frames) {
        Bytes file = header("VP80");
        for (int i = 0; i < frames; i++) {
            frame(file, 1800 + i, i % 10 == 0 ? KEY : DELTA);
        }
        return file.toBytes();
    }

    private static FrameSource open(byte[] file) throws IOException {
        return MediaFile.open(Bytes.channel(file));
    }

    private static SourceFrame next(FrameSource source) throws IOException {
        SourceFrame frame = source.next();
        if (frame == null) {
            throw new AssertionError("no frame");
        }
        return frame;
    }

    @Test
    void readsPicturesWithTheirTimes() throws IOException {
        FrameSource source = open(file(20));
        SourceTrack track = source.tracks().get(0);
        assertEquals(Codec.VP8, track.codec());
        assertEquals(640, track.width());
        SourceFrame first = next(source);
        assertEquals(Duration.ZERO, first.time());
        assertEquals(true, first.key());
        assertArrayEquals(KEY, first.data());
        SourceFrame second = next(source);
        assertEquals(33, second.time().toMillis());
        assertEquals(false, second.key());
        for (int i = 2; i < 20; i++) {
            next(source);
        }
        assertNull(source.next());
        assertNull(source.next());
    }

    @Test
    void seeksToTheKeyFrameBefore() throws IOException {
        FrameSource source = open(file(100));
        for (int[] each : new int[][] {{0, 0}, {332, 0}, {334, 333}, {1700, 1666}, {60_000, 3000}, {1, 0}}) {
            source.seek(Duration.ofMillis(each[0]));
            SourceFrame frame = next(source);
            assertEquals(each[1], frame.time().toMillis(), "sought " + each[0]);
            assertEquals(true, frame.key());
        }
    }

    @Test
    void whereverItIsCutOffItEnds() throws IOException {
        byte[] file = file(3);
        for (int length = 32; length < file.length; length++) {
            FrameSource source = open(Arrays.copyOf(file, length));
            int there = length < 32 + 12 + KEY.length ? 0 : length < 32 + 24 + KEY.length + 3 ? 1 : 2;
            assertEquals(there, UrlFilesTest.frames(source));
        }
        for (int length = 0; length < 32; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(MediaFileException.class, () -> open(cut));
        }
    }

    @Test
    void refusesWhatItCannotBe() throws IOException {
        assertEquals("its codec cannot be played: H264", refused(header("H264").toBytes()));
        assertEquals(
                "a picture of 4294967295 bytes is too large",
                assertThrows(MediaFileException.class, () -> open(header("VP80")
                                        .little(0xFFFFFFFFL, 4)
                                        .little(0, 8)
                                        .toBytes())
                                .next())
                        .getMessage());
        FrameSource times =
                open(frame(frame(header("VP80"), 0, KEY), Long.MAX_VALUE, DELTA).toBytes());
        next(times);
        assertThrows(MediaFileException.class, times::next);
        assertEquals(
                "the header of the IVF file is broken",
                refused(new Bytes().text("DKIF").raw(new byte[28]).toBytes()));
        assertEquals("the file is none of WebM, Matroska, MP4, IVF and Ogg", refused(new byte[100]));
    }

    private static String refused(byte[] file) {
        return String.valueOf(
                assertThrows(MediaFileException.class, () -> open(file)).getMessage());
    }
}
