package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.media.TransportExplanation.Bandwidth;
import dev.noir.media.TransportExplanation.Encoding;
import dev.noir.media.TransportExplanation.Layer;
import dev.noir.media.TransportExplanation.Limit;
import dev.noir.media.TransportExplanation.Offered;
import dev.noir.media.TransportExplanation.Path;
import dev.noir.media.TransportExplanation.Reason;
import dev.noir.media.TransportExplanation.Received;
import dev.noir.media.TransportExplanation.Report;
import dev.noir.media.TransportExplanation.Sent;
import dev.noir.media.TransportExplanation.Usage;
import dev.noir.media.TransportExplanation.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The file was written by neither side; wire_test.cpp writes the same one. */
class ExplanationReaderTest {

    private static final Encoding ENCODING = new Encoding(
            "h", 0xFFFF_FFFEL, true, 1L << 33, -3, 4000, 700_000, 640, 360, 9, 5, 2, 1, OptionalLong.empty());

    private static final Sent SENT = new Sent(
            new DownTrackId(6),
            "4",
            MediaKind.VIDEO,
            100,
            90_000,
            4,
            3,
            2,
            Optional.of(new Report(26, -7, 900)),
            90_000,
            81_000,
            OptionalLong.of(2500),
            false,
            true,
            false,
            true,
            OptionalInt.of(0),
            new Layer(0, 1),
            new Layer(TransportExplanation.NONE, TransportExplanation.NONE),
            Optional.of(Reason.NO_BANDWIDTH),
            Optional.of(new Layer(0, 1)),
            150_000,
            List.of(new Offered(new Layer(2, 0), 1280, 720, 1_200_000, true)));

    @Test
    void readsWhatNativeCodeWrites() throws IOException {
        TransportExplanation expected = new TransportExplanation(
                TransportRole.SUBSCRIBER,
                TransportState.CONNECTED,
                "TLS_X",
                true,
                7,
                Optional.of(new Path(3, new InetSocketAddress("192.0.2.9", 50_000), true, 1500, 24_000)),
                Optional.of(new Bandwidth(
                        430_000,
                        1_200_000,
                        400_000,
                        390_000,
                        430_000,
                        1L << 40,
                        0,
                        Limit.DELAY,
                        Usage.OVERUSE,
                        81_000,
                        40_000,
                        3000,
                        25,
                        5,
                        77,
                        1,
                        123_456_789_012L,
                        5000,
                        true)),
                new Waiting(12, 9000, 60_000),
                2,
                List.of(new Received(new TrackId(5), "0", MediaKind.VIDEO, true, List.of(ENCODING))),
                List.of(SENT));
        assertEquals(expected, ExplanationReader.read(WireTest.golden("explanation")));
    }

    /** sfu/local_socket.hpp is the other half. */
    @Test
    void tellsSocketsApart() {
        assertEquals(OptionalInt.of(3), path(3).place());
        assertFalse(path(3).tcp());
        assertEquals(OptionalInt.of(3), path(0x83).place());
        assertTrue(path(0x83).tcp());
        assertEquals(OptionalInt.empty(), path(0xC1).place(), "a connection that came to another port");
        assertTrue(path(0xC1).tcp());
        assertEquals(OptionalInt.empty(), path(0x203).place(), "another loop's socket");
        assertFalse(path(0x203).tcp());
    }

    private static Path path(int local) {
        return new Path(local, new InetSocketAddress("192.0.2.9", 50_000), true, 0, 0);
    }

    @Test
    void refusesWhatIsCutOrTooLong() throws IOException {
        byte[] whole = WireTest.golden("explanation");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(MediaException.class, () -> ExplanationReader.read(cut));
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThrows(MediaException.class, () -> ExplanationReader.read(longer));
    }
}
