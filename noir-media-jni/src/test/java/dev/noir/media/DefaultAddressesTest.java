package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultAddressesTest {

    @Test
    void leavesOutWhatNoClientCanUse() throws UnknownHostException {
        List<InetAddress> found = addresses(
                "2001:db8::1", "fe80::1", "fd00::2", "127.0.0.1", "169.254.1.1", "192.0.2.1", "::1", "224.0.0.1");
        assertEquals(addresses("192.0.2.1", "2001:db8::1", "fd00::2"), DefaultAddresses.choose(found));
    }

    @Test
    void namesNoAddressTwice() throws UnknownHostException {
        List<InetAddress> found = addresses("192.0.2.1", "192.0.2.1");
        assertEquals(addresses("192.0.2.1"), DefaultAddresses.choose(found));
    }

    @Test
    void fallsBackToLoopback() throws UnknownHostException {
        assertEquals(List.of(InetAddress.getLoopbackAddress()), DefaultAddresses.choose(addresses("fe80::1")));
    }

    @Test
    void findsSomethingHere() {
        assertFalse(MediaLoop.defaultAddresses().isEmpty());
    }

    private static List<InetAddress> addresses(String... literals) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses;
    }
}
