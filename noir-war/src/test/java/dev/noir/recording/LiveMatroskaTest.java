package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.EbmlReader.Element;
import dev.noir.sdp.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LiveMatroskaTest {
    private static final int CLUSTER = 0x1F43B675;
    private static final int TIME = 0xE7;
    private static final int BLOCK = 0xA3;
    private static final MediaFormat AUDIO = new MediaFormat(Codec.OPUS, 0, 0, new byte[0]);
    private static final MediaFormat VIDEO = new MediaFormat(Codec.VP8, 640, 360, new byte[0]);

    private final AtomicInteger closed = new AtomicInteger();
    private final ByteArrayOutputStream pipe = new ByteArrayOutputStream() {
        @Override
        public void close() {
            closed.incrementAndGet();
        }
    };

    private LiveMatroska begin() throws IOException {
        return new LiveMatroska(pipe, List.of(new Part.Slot("a", AUDIO), new Part.Slot("v", VIDEO)), TestFrames.START);
    }

    /** What whoever reads along has by now. */
    private List<Element> clusters() {
        return EbmlReader.read(pipe.toByteArray(), false).get(1).all(CLUSTER);
    }

    @Test
    void aFrameLeavesAtOnceAndWhole() throws IOException {
        LiveMatroska live = begin();
        live.add("v", TestFrames.key(0, 640, 360));
        assertEquals(1, clusters().size());
        live.add("a", TestFrames.audio(70_000));

        List<Element> clusters = clusters();
        assertEquals(
                List.of(0L, 70_000L),
                clusters.stream().map(each -> each.only(TIME).number()).toList());
        byte[] key = clusters.get(0).only(BLOCK).content();
        assertArrayEquals(new byte[] {(byte) 0x82, 0, 0, (byte) 0x80}, Arrays.copyOf(key, 4));
        assertEquals(1004, key.length);
        assertArrayEquals(
                new byte[] {(byte) 0x81, 0, 0, (byte) 0x80, 1, 2, 3},
                clusters.get(1).only(BLOCK).content());
    }

    @Test
    void timeNeverGoesBack() throws IOException {
        LiveMatroska live = begin();
        live.add("v", TestFrames.key(40, 640, 360));
        live.add("a", TestFrames.audio(39)); // Clocks are corrected.

        assertEquals(
                List.of(40L, 40L),
                clusters().stream().map(each -> each.only(TIME).number()).toList());
    }

    @Test
    void anotherSizeIsForTheNextPartAndAnotherTrackOfTheSameSizeIsNot() throws IOException {
        LiveMatroska live = begin();
        assertTrue(live.takes("v", VIDEO));
        assertFalse(live.takes("v", new MediaFormat(Codec.VP8, 1280, 720, new byte[0])));
        assertFalse(live.takes("w", VIDEO));
        live.release("v");
        assertTrue(live.takes("w", VIDEO));
        live.add("v", TestFrames.key(0, 640, 360));
        assertEquals(List.of(), clusters(), "its place is another's");
    }

    @Test
    void itsEndIsTheEndOfThePipe() throws IOException {
        begin().finish("stopped", 0);
        assertEquals(1, closed.get());
    }
}
