package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private static final List<String> GOLDEN = List.of(
            "state 100001 CLOSED FINGERPRINT_MISMATCH",
            "active 200002 2",
            "open 100001 65534 ion-sfu é true",
            "closed 100001 3 TOO_SLOW",
            "message 7ff00003 65534 true 2",
            "message 100001 1 false 0",
            "wanted 200002 5",
            "speakers 1234567 [3, -16]",
            "speakers 7 []",
            "frame 500005 H264 key 1700000000123456 4294967301/90000 3 640x480 [9, 8] [1, 2, 3, -1]",
            "ended 500005",
            "key 200002",
            "learned 200002 1 4294967294 7");

    private final RecordingEvents events = new RecordingEvents();
    private final List<RuntimeException> failures = new ArrayList<>();

    @Test
    void deliversTheGoldenBatch() throws IOException {
        drain(WireTest.golden("events"), events);
        assertEquals(GOLDEN, events.lines);
        assertEquals(List.of(), failures);
    }

    @Test
    void readsOnlyWhatTheLastRunWrote() throws IOException {
        byte[] golden = WireTest.golden("events");
        ByteBuffer buffer = ByteBuffer.allocateDirect(golden.length).put(golden);
        EventReader reader = new EventReader(buffer, events, failures::add);
        reader.drain(EventReader.HEADER_BYTES);
        reader.drain(0);
        reader.drain(2 * EventReader.HEADER_BYTES);
        assertEquals(List.of(GOLDEN.get(0), GOLDEN.get(0), GOLDEN.get(1)), events.lines);
    }

    @Test
    void listenersFailureDoesNotSwallowLaterEvents() throws IOException {
        RecordingEvents fragile = new RecordingEvents() {
            @Override
            public void onTrackActive(TrackId track, int encoding) {
                throw new IllegalStateException("listener");
            }
        };
        drain(WireTest.golden("events"), fragile);
        assertEquals(GOLDEN.size() - 1, fragile.lines.size());
        assertEquals(1, failures.size());
    }

    /** Others get it as a label of theirs, and as text. */
    @Test
    void aLabelThatIsNoUtf8IsMadeWellFormed() {
        byte[] label = {'a', (byte) 0xC3, (byte) 0x28, (byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xFF};
        ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(Wire.ORDER);
        EventReader reader = new EventReader(buffer, events, failures::add);
        buffer.put((byte) 3).put((byte) 1).putShort((short) 5).putInt(0x100001);
        buffer.putInt(label.length).put(label);
        reader.drain(buffer.position());

        assertEquals(1, events.lines.size());
        String told = events.lines.get(0);
        assertTrue(told.startsWith("open 100001 5 a\uFFFD("), told);
        assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(told), "no half of a surrogate pair");
        assertEquals(List.of(), failures);
    }

    @Test
    void unknownEventIsAFailureAndSkipped() throws IOException {
        byte[] batch = WireTest.golden("events");
        batch[0] = 99;
        drain(batch, events);
        assertEquals(GOLDEN.subList(1, GOLDEN.size()), events.lines);
        assertEquals("unknown event type 99", failures.get(0).getMessage());
    }

    @Test
    void putsTheFrameOfManyBatchesTogether() {
        byte[] data = {1, 2, 3, 4, 5};
        ByteBuffer buffer = ByteBuffer.allocateDirect(256);
        EventReader reader = new EventReader(buffer, events, failures::add);
        reader.drain(part(buffer, 1, data.length, new byte[] {1, 2}));
        reader.drain(part(buffer, 0, 0, new byte[] {3}));
        assertEquals(List.of(), events.lines);
        reader.drain(part(buffer, 2, 0, new byte[] {4, 5}));
        assertEquals(List.of("frame 7 OPUS key 5 6/48000 0 0x0 [] [1, 2, 3, 4, 5]"), events.lines);
        reader.drain(part(buffer, 3, 1, new byte[] {9}));
        assertEquals(2, events.lines.size());
        assertEquals(List.of(), failures);
    }

    @Test
    void partsThatMakeNoFrameAreFailures() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(256);
        EventReader reader = new EventReader(buffer, events, failures::add);
        reader.drain(part(buffer, 2, 0, new byte[] {1}));
        reader.drain(part(buffer, 3, 1, new byte[] {1, 2}));
        assertEquals(2, failures.size());
        assertEquals(List.of(), events.lines);
        reader.drain(part(buffer, 3, 1, new byte[] {1}));
        assertEquals(1, events.lines.size());
    }

    /** Writes one part of a frame; returns how many bytes that takes. */
    private static int part(ByteBuffer buffer, int parts, int frameBytes, byte[] bytes) {
        buffer.clear();
        boolean first = (parts & 1) != 0;
        buffer.put((byte) 8).put((byte) parts).putShort((short) 0).putInt(7).putInt(bytes.length + (first ? 40 : 0));
        if (first) {
            buffer.putLong(5)
                    .putLong(6)
                    .putInt(48_000)
                    .putInt(0)
                    .putInt(frameBytes)
                    .putShort((short) 0);
            buffer.putShort((short) 0)
                    .putShort((short) 0)
                    .put((byte) 1)
                    .put((byte) 1)
                    .putInt(0);
        }
        return buffer.put(bytes).position();
    }

    private void drain(byte[] batch, MediaEvents listener) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(batch.length).put(batch);
        new EventReader(buffer, listener, failures::add).drain(batch.length);
    }
}
