package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Glob;
import dev.noir.access.Names;
import dev.noir.access.PublicAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetRulesTest {
    private static final TargetRules ALL = new TargetRules(List.of(), false);

    private static Names dns(String... addresses) {
        return host -> {
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            if (found.length == 0) {
                throw new UnknownHostException(host);
            }
            return found;
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.31.255.255",
                "192.168.1.1",
                "198.19.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
            })
    void ourOwnNetworkIsOutOfReach(String address) throws IOException {
        assertFalse(PublicAddresses.contain(InetAddress.getByName(address)));
        RefusedException refused =
                assertThrows(RefusedException.class, () -> ALL.find("inside.example", dns("203.0.113.5", address)));
        assertTrue(String.valueOf(refused.getMessage()).contains("inside.example"), refused.getMessage());
        new TargetRules(List.of(), true).find("inside.example", dns(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2001:4860::8888"})
    void theInternetIsNot(String address) throws IOException {
        assertTrue(PublicAddresses.contain(InetAddress.getByName(address)));
    }

    @Test
    void theAddressThatWasLookedAtIsTheOneThatIsUsed() throws IOException {
        assertEquals("203.0.113.5", ALL.find("live.example", dns("203.0.113.5", "203.0.113.6")));
        assertEquals("[2606:4700:0:0:0:0:0:1111]", ALL.find("live.example", dns("2606:4700::1111")));
    }

    @Test
    void whereSomeAreListedOthersAreRefused() throws IOException {
        TargetRules some = new TargetRules(List.of(new Glob("*.example")), false);
        some.find("LIVE.example", dns("203.0.113.5"));
        assertThrows(RefusedException.class, () -> some.find("example.org", dns("203.0.113.5")));
    }

    @Test
    void whatHasNoAddressMayHaveOneLater() {
        UnknownHostException unknown = assertThrows(UnknownHostException.class, () -> ALL.find("live.example", dns()));
        assertEquals("the host live.example is not known", unknown.getMessage());
    }
}
