package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trusted are 10.0.0.0/8 and 2001:db8:7::1, which write the one header that is there; where both are, X-Forwarded-For. "!" before an answer: it is not certain. Several
 * header lines are parted by " + ".
 */
final class RemoteAddressTest {
    private static final List<Network> TRUSTED = List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8:7::1"));

    @ParameterizedTest(name = "{0} | {1} | {2} → {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            nullValues = "-",
            textBlock =
                    """
        # peer          | X-Forwarded-For             | Forwarded                            | answer
        # Straight from the client.
        192.0.2.1       | -                           | -                                    | 192.0.2.1
        2001:db8::5     | -                           | -                                    | 2001:db8:0:0:0:0:0:5
        ::ffff:192.0.2.1 | -                          | -                                    | 192.0.2.1
        fe80::1%eth0    | -                           | -                                    | fe80:0:0:0:0:0:0:1
        not an address  | -                           | -                                    | ''
        # Somebody who is not trusted claims to be a proxy: he is the client, and may see no more than others.
        192.0.2.1       | 127.0.0.1                   | -                                    | !192.0.2.1
        127.0.0.1       | 127.0.0.1                   | -                                    | !127.0.0.1
        127.0.0.1       | -                           | for=127.0.0.1                        | !127.0.0.1
        # One proxy.
        10.0.0.1        | 203.0.113.9                 | -                                    | 203.0.113.9
        ::ffff:10.0.0.1 | 203.0.113.9                 | -                                    | 203.0.113.9
        2001:db8:7::1   | 203.0.113.9                 | -                                    | 203.0.113.9
        10.0.0.1        | -                           | for=203.0.113.9                      | 203.0.113.9
        # What the client has written before it is not believed.
        10.0.0.1        | 127.0.0.1, 203.0.113.9      | -                                    | 203.0.113.9
        10.0.0.1        | 127.0.0.1 + 203.0.113.9     | -                                    | 203.0.113.9
        10.0.0.1        | -                           | for=127.0.0.1, for=203.0.113.9       | 203.0.113.9
        10.0.0.1        | -                           | for="127.0.0.1, for=203.0.113.9      | 203.0.113.9
        10.0.0.1        | <garbage>, 203.0.113.9      | -                                    | 203.0.113.9
        # Several of our own.
        10.0.0.1        | 203.0.113.9, 10.0.0.3, 10.0.0.2 | -                                | 203.0.113.9
        10.0.0.1        | 127.0.0.1, 203.0.113.9, 10.0.0.2 | -                               | 203.0.113.9
        # From inside our own networks.
        10.0.0.1        | 10.0.0.3, 10.0.0.2          | -                                    | 10.0.0.3
        # As proxies write it.
        10.0.0.1        | 203.0.113.9:4711            | -                                    | 203.0.113.9
        10.0.0.1        | [2001:db8::9]:4711          | -                                    | 2001:db8:0:0:0:0:0:9
        10.0.0.1        | [2001:db8::9]               | -                                    | 2001:db8:0:0:0:0:0:9
        10.0.0.1        | 2001:db8::9                 | -                                    | 2001:db8:0:0:0:0:0:9
        10.0.0.1        | ::ffff:203.0.113.9          | -                                    | 203.0.113.9
        10.0.0.1        | -                           | For="[2001:db8::9]:4711";proto=https;by=10.0.0.1 | 2001:db8:0:0:0:0:0:9
        10.0.0.1        | -                           | proto=https ; for="203.0.113.9:80"   | 203.0.113.9
        # Not told, or not so that it can be believed.
        10.0.0.1        | -                           | -                                    | !10.0.0.1
        10.0.0.1        | ''                          | -                                    | !
        10.0.0.1        | 203.0.113.9,                | -                                    | !
        10.0.0.1        | unknown                     | -                                    | !
        10.0.0.1        | example.org                 | -                                    | !
        10.0.0.1        | 203.0.113.9:port            | -                                    | !
        10.0.0.1        | 203.0.113.9:123456          | -                                    | !
        10.0.0.1        | [2001:db8::9                | -                                    | !
        10.0.0.1        | 203.0.113.999               | -                                    | !
        10.0.0.1        | 0x7f.1                      | -                                    | !
        10.0.0.1        | 2130706433                  | -                                    | !
        10.0.0.1        | -                           | for=_hidden                          | !
        10.0.0.1        | -                           | by=203.0.113.9                       | !
        10.0.0.1        | -                           | for=203.0.113.9;for=127.0.0.1        | !
        10.0.0.1        | -                           | for="203.0.113.9                     | !
        # A proxy that writes one of the two passes on what the client has written into the other.
        10.0.0.1        | 203.0.113.9                 | for=203.0.113.9                      | 203.0.113.9
        10.0.0.1        | 203.0.113.9                 | for=127.0.0.1                        | 203.0.113.9
        10.0.0.1        | 203.0.113.9                 | <garbage>                            | 203.0.113.9
        10.0.0.1        | ''                          | for=203.0.113.9                      | !
        """)
    void isOfTheFirstHopThatIsNotOurs(String peer, String forwardedFor, String forwarded, String answer) {
        ForwardingHeader written = forwardedFor == null ? ForwardingHeader.FORWARDED : ForwardingHeader.X_FORWARDED_FOR;
        RemoteAddress address = RemoteAddress.of(peer, lines(forwardedFor), lines(forwarded), TRUSTED, written);

        // What is no address at all is nobody's, though nobody claims anything.
        assertEquals(answer, (address.certain() ? "" : "!") + address.text());
    }

    /** A header that the proxies do not write is the client's: with it, nobody becomes somebody else, or nobody. */
    @Test
    void theOtherHeaderIsIgnored() {
        List<String> told = List.of("203.0.113.9");
        List<String> forged = List.of("for=198.51.100.1");
        RemoteAddress client = new RemoteAddress("203.0.113.9", true);
        RemoteAddress proxy = new RemoteAddress("10.0.0.1", false);

        assertEquals(client, of(told, forged, ForwardingHeader.X_FORWARDED_FOR));
        assertEquals(client, of(List.of("198.51.100.1"), List.of("for=203.0.113.9"), ForwardingHeader.of("forwarded")));
        assertEquals(proxy, of(List.of(), forged, ForwardingHeader.of("x-forwarded-for")));
        assertEquals(proxy, of(told, List.of(), ForwardingHeader.FORWARDED));
    }

    private static RemoteAddress of(List<String> forwardedFor, List<String> forwarded, ForwardingHeader written) {
        return RemoteAddress.of("10.0.0.1", forwardedFor, forwarded, TRUSTED, written);
    }

    @Test
    void aThousandHopsAreNotFollowed() {
        String ours = String.join(",", Collections.nCopies(1000, "10.0.0.2"));
        String strangers = String.join(",", Collections.nCopies(1000, "203.0.113.9"));

        assertEquals("", of("203.0.113.9," + ours).text());
        assertEquals("203.0.113.9", of(strangers).text());
    }

    @Test
    void aMegabyteOfCommasTakesNoTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> of(",".repeat(1_000_000)));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> of("[".repeat(1_000_000)));
    }

    private static RemoteAddress of(String forwardedFor) {
        return of(List.of(forwardedFor), List.of(), ForwardingHeader.X_FORWARDED_FOR);
    }

    private static List<String> lines(String header) {
        return header == null ? List.of() : Arrays.asList(header.split(" \\+ ", -1));
    }
}
