package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files were written by neither side; wire_test.cpp reads the same ones. */
class WireTest {

    static byte[] golden(String name) throws IOException {
        try (InputStream in = WireTest.class.getResourceAsStream("/wire/" + name + ".bin")) {
            return in.readAllBytes();
        }
    }

    @Test
    void config() throws IOException {
        MediaCertificate certificate = new MediaCertificate(new byte[] {1, 2, 3}, new byte[] {4, 5});
        MediaConfig config = new MediaConfig(
                5000,
                List.of(address("127.0.0.1"), address("2001:db8::1")),
                certificate,
                new MediaLimits(10, 20, 30, 40, 50, 60),
                0xABCDEF,
                new AudioSettings(750, 35, 25, 1000),
                true,
                Optional.of(new PlayoutDelay(50, 40_000)));
        assertArrayEquals(golden("config"), Wire.config(config));
    }

    @Test
    void transport() throws IOException {
        TransportParams params = new TransportParams(TransportRole.SUBSCRIBER, "ufrag", "password", 7);
        assertArrayEquals(golden("transport"), Wire.transport(params));
    }

    @Test
    void remote() throws IOException {
        byte[] fingerprints = new byte[64];
        for (int i = 0; i < 32; i++) {
            fingerprints[i] = (byte) i;
            fingerprints[32 + i] = (byte) 0xFF;
        }
        assertArrayEquals(golden("remote"), Wire.remote(new RemoteParams("them", "secret", fingerprints, true)));
    }

    @Test
    void credentials() throws IOException {
        assertArrayEquals(golden("credentials"), Wire.credentials("u2", "p2"));
    }

    @Test
    void channel() throws IOException {
        assertArrayEquals(golden("channel"), Wire.channel("chat é", true));
    }

    @Test
    void extensions() throws IOException {
        assertArrayEquals(
                golden("extensions"),
                Wire.extensions(List.of(
                        new HeaderExtensions(1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13),
                        new HeaderExtensions(9, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0))));
    }

    @Test
    void track() throws IOException {
        TrackParams params = new TrackParams(
                MediaKind.VIDEO,
                "1",
                List.of(new CodecParams(96, Codec.VP8, 90_000, 97), new CodecParams(102, Codec.H264, 90_000)),
                List.of(new EncodingParams("q", 0), new EncodingParams("h", 0xFFFF_FFFEL, 0xFFFF_FFFDL)),
                true,
                false,
                true,
                true,
                true,
                0x0A0B_0C0D);
        assertArrayEquals(golden("track"), Wire.track(params));
    }

    @Test
    void downTrack() throws IOException {
        DownTrackParams params = new DownTrackParams(
                "7",
                0x89AB_CDEFL,
                0x0102_0304L,
                List.of(new PayloadMapping(96, 100, 101), new PayloadMapping(111, 111, PayloadMapping.NO_RTX)),
                new HeaderExtensions(8, 7, 6, 5, 4, 3, 2, 1, 13, 12, 11),
                "cname");
        assertArrayEquals(golden("down_track"), Wire.downTrack(params));
    }

    @Test
    void refusesWhatTheFieldCannotHold() {
        assertThrows(IllegalArgumentException.class, () -> new Wire().u8(256));
        assertThrows(IllegalArgumentException.class, () -> new Wire().u16(-1));
        assertThrows(IllegalArgumentException.class, () -> new Wire().u32(1L << 32));
    }

    @Test
    void growsWithItsContent() {
        byte[] large = new byte[100_000];
        large[99_999] = 7;
        byte[] wire = new Wire().u8(1).bytes(large).toByteArray();
        assertArrayEquals(new byte[] {1, (byte) 0xA0, (byte) 0x86, 1, 0}, java.util.Arrays.copyOf(wire, 5));
        assertArrayEquals(new byte[] {7}, java.util.Arrays.copyOfRange(wire, 100_004, 100_005));
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }
}
