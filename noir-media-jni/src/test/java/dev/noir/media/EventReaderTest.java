package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
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
            "speakers 7 []");

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

    @Test
    void unknownEventIsAFailureAndSkipped() throws IOException {
        byte[] batch = WireTest.golden("events");
        batch[0] = 99;
        drain(batch, events);
        assertEquals(GOLDEN.subList(1, GOLDEN.size()), events.lines);
        assertEquals("unknown event type 99", failures.get(0).getMessage());
    }

    private void drain(byte[] batch, MediaEvents listener) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(batch.length).put(batch);
        new EventReader(buffer, listener, failures::add).drain(batch.length);
    }
}
