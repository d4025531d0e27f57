package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceTest {
    @Test
    void printsHostCandidatesThatItParses() {
        IceCandidate first = IceCandidate.host(0, "192.0.2.1", 5000);
        IceCandidate second = IceCandidate.host(1, "2001:db8::1", 5000);

        assertEquals("candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host", first.print());
        assertEquals(Optional.of(first), IceCandidate.parse(first.print()));
        assertEquals(Optional.of(second), IceCandidate.parse("a=" + second.print()));
        assertTrue(first.priority() > second.priority());
    }

    // RFC 6544 §4.2, §4.5.
    @Test
    void printsPassiveCandidatesBehindAllOthers() {
        IceCandidate first = IceCandidate.passive(0, "192.0.2.1", 5000);
        IceCandidate second = IceCandidate.passive(1, "2001:db8::1", 5000);

        assertEquals("candidate:1001 1 tcp 1520435199 192.0.2.1 5000 typ host tcptype passive", first.print());
        assertTrue(first.priority() > second.priority());
        assertTrue(
                IceCandidate.host(65_000, "192.0.2.1", 5000).priority() > first.priority(),
                "UDP is preferred, whatever");
        assertNotEquals(IceCandidate.host(0, "192.0.2.1", 5000).foundation(), first.foundation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "candidate:3153088556 1 udp 2122260223 127.0.0.1 35029 typ host generation 0 ufrag pOXY network-id 1",
                "candidate:0 1 UDP 2122187007 127.0.0.1 35295 typ host",
                "candidate:1 1 UDP 2122252543 ::1 33535 typ host",
                "candidate:4 1 udp 1686052607 203.0.113.9 50000 typ srflx raddr 0.0.0.0 rport 0"
            })
    void acceptsUsableCandidates(String text) {
        assertTrue(IceCandidate.parse(text).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "candidate:2 1 TCP 2105458943 127.0.0.1 9 typ host tcptype active",
                "candidate:2 2 UDP 2105458942 127.0.0.1 9 typ host",
                "candidate:239959413 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active generation 1 network-id 1",
                "candidate:0 1 UDP 2122187007 99462aa0-ca82-4fb6-9e5f-c2e5d7dd19eb.local 58710 typ host"
            })
    void passesOverUselessOnes(String text) {
        assertFalse(IceCandidate.parse(text).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "candidate:",
                "candidate:1 1 udp 1 192.0.2.1 5000",
                "candidate:1 1 udp 1 192.0.2.1 5000 host host",
                "candidate:1 x udp 1 192.0.2.1 5000 typ host",
                "candidate:1 1 udp 4294967296 192.0.2.1 5000 typ host",
                "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
                "candidate:1 1 udp 1 192.0.2.1 -1 typ host",
                "candidate:1 1 udp 1 http://x/ 5000 typ host"
            })
    void refusesGarbage(String text) {
        assertThrows(SdpException.class, () -> IceCandidate.parse(text));
        assertThrows(
                SdpException.class,
                () -> IceCandidate.parse("candidate:1 1 udp 1 192.0.2.1 1 typ " + "x".repeat(9999)));
    }

    @Test
    void generatesCredentialsOfIceCharacters() {
        Random random = new Random(3);
        IcePlace place = new IcePlace(1, 2, 3);
        IceCredentials first = IceCredentials.generate(place, random);
        IceCredentials second = IceCredentials.generate(place, random);

        assertNotEquals(first, second);
        assertTrue(first.ufrag().length() >= 8 && first.pwd().length() >= 24);
        assertTrue(first.ufrag().chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '+' || c == '/'));
    }

    /** The same as in the core's ufrag_place_test.cpp. */
    @Test
    void writesThePlaceIntoTheFragment() {
        RandomGenerator last = () -> 0xFC_78_7A_7B_01L;

        assertEquals(
                "q83vAgAH7/x4ensB",
                IceCredentials.generate(new IcePlace(0xABCDEF, 2, 0x7EF), last).ufrag());
        assertEquals(
                "AAABAAAAAPx4ensB",
                IceCredentials.generate(new IcePlace(1, 0, 1 << 24), last).ufrag(),
                "rooms are counted round and round");
        assertThrows(IllegalArgumentException.class, () -> new IcePlace(1 << 24, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new IcePlace(0, 256, 0));
    }

    @Test
    void refusesCredentialsThatStunCouldNotCarry() {
        String pwd = "x".repeat(22);
        assertThrows(SdpException.class, () -> new IceCredentials("abc", pwd));
        assertThrows(SdpException.class, () -> new IceCredentials("abc:", pwd));
        assertThrows(SdpException.class, () -> new IceCredentials("abcd", "x".repeat(21)));
        assertThrows(SdpException.class, () -> new IceCredentials("abcd", "x".repeat(257)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0G:00", "00:00:"})
    void refusesFingerprintsThatAreNotSha256(String value) {
        assertThrows(SdpException.class, () -> new Fingerprint(value));
        assertThrows(SdpException.class, () -> new Fingerprint(value + "00:".repeat(31) + "0x"));
    }

    @Test
    void readsFingerprintsOfEitherCase() {
        byte[] sha256 = new byte[32];
        sha256[31] = (byte) 0xAB;
        Fingerprint fingerprint = Fingerprint.ofSha256(sha256);

        assertTrue(fingerprint.value().endsWith(":00:AB"));
        assertEquals(fingerprint, new Fingerprint(fingerprint.value().toLowerCase(Locale.ROOT)));
    }
}
