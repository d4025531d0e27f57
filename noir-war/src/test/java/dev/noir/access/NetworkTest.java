package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "192.0.2.128/25,192.0.2.127,false",
        "192.0.2.128/25,192.0.2.200,true",
        "192.0.2.7,192.0.2.7,true",
        "192.0.2.7,192.0.2.6,false",
        "0.0.0.0/0,203.0.113.9,true",
        "0.0.0.0/0,2001:db8::1,false",
        "::/0,2001:db8::1,true",
        "2001:db8::/33,2001:db8:7fff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false",
        "::1,::1,true",
        "fe80::/10,fe80::1%eth0,true",
        "10.0.0.0/8,::ffff:10.1.2.3,true",
        "127.0.0.0/8,localhost,false",
        "127.0.0.0/8,,false"
    })
    void containsAddresses(String network, String address, boolean expected) {
        assertEquals(expected, Network.anyContains(List.of(Network.parse(network)), address == null ? "" : address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "::/129",
                "example.org",
                "10.0.0.0/8/8",
                "256.0.0.1",
                "1.2.3",
                "1.2.3.4.5",
                ":::",
                "[::1]",
                "1.2.3.4:5"
            })
    void refusesWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
    }

    @Test
    void neverAsksTheDns() {
        assertTrue(Addresses.literal("abc").isEmpty());
        assertTrue(Addresses.literal("a.b:c").isEmpty());
        assertTrue(Addresses.literal("1:2:3:4:5:6:7:8:9").isEmpty());
        assertTrue(Addresses.literal(":".repeat(1_000_000)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1",
        "::ffff:192.0.2.1,192.0.2.1",
        "2001:db8:1:2:3:4:5:6,2001:db8:1:2::/64",
        "2001:db8:1:2::,2001:db8:1:2::/64",
        "::1,0:0:0:0::/64",
        "somewhere,somewhere"
    })
    void oneHomeIsOneSubscriber(String address, String key) {
        assertEquals(key, Addresses.subscriber(address));
    }
}
