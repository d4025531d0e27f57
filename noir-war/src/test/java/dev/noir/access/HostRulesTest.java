package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostRulesTest {
    @ParameterizedTest(name = "{0} | {1} at {2} {3} → {4}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
        # noir.allowed-hosts    | Host                 | our address | by a trusted proxy | allowed
        # Nothing configured. Over loopback: a public name that leads here is the attack.
        -                       | localhost:7070       | 127.0.0.1   | no                 | yes
        -                       | LOCALHOST            | 127.0.0.1   | no                 | yes
        -                       | localhost.           | 127.0.0.1   | no                 | yes
        -                       | noir.localhost:7070  | 127.0.0.1   | no                 | yes
        -                       | 127.0.0.1:7070       | 127.0.0.1   | no                 | yes
        -                       | [::1]:7070           | ::1         | no                 | yes
        -                       | evil.example:7070    | 127.0.0.1   | no                 | no
        -                       | evil.example:7070    | 127.0.1.1   | no                 | no
        -                       | evil.example         | ::1         | no                 | no
        -                       | evil.example         | ::ffff:127.0.0.1 | no            | no
        -                       | localhost.evil.example | 127.0.0.1 | no                 | no
        -                       | notlocalhost         | 127.0.0.1   | no                 | no
        -                       | 127.0.0.1.evil.example | 127.0.0.1 | no                 | no
        # A proxy on the same machine passes the public name on.
        -                       | video.example.org    | 127.0.0.1   | yes                | yes
        # From elsewhere any name: we cannot know ours.
        -                       | video.example.org    | 192.0.2.1   | no                 | yes
        -                       | 192.0.2.1:7070       | 192.0.2.1   | no                 | yes
        # What no browser sends.
        -                       | -                    | 127.0.0.1   | no                 | yes
        -                       | ''                   | 192.0.2.1   | no                 | no
        -                       | a b                  | 192.0.2.1   | no                 | no
        -                       | a/b                  | 192.0.2.1   | no                 | no
        -                       | a;b                  | 192.0.2.1   | no                 | no
        -                       | user@host            | 192.0.2.1   | no                 | no
        -                       | host:port            | 192.0.2.1   | no                 | no
        -                       | host:1:2             | 192.0.2.1   | no                 | no
        # Configured: these and no others, wherever they lead.
        video.example.org       | video.example.org    | 127.0.0.1   | no                 | yes
        video.example.org       | Video.Example.ORG.:8443 | 192.0.2.1 | no                | yes
        video.example.org       | evil.example         | 192.0.2.1   | no                 | no
        video.example.org       | evil.example         | 127.0.0.1   | yes                | no
        video.example.org       | x.video.example.org  | 192.0.2.1   | no                 | no
        video.example.org       | localhost            | 127.0.0.1   | no                 | no
        video.example.org       | 192.0.2.1            | 192.0.2.1   | no                 | no
        video.example.org       | -                    | 192.0.2.1   | no                 | no
        *.example.org           | video.example.org    | 192.0.2.1   | no                 | yes
        *.example.org           | a.b.example.org      | 192.0.2.1   | no                 | yes
        *.example.org           | example.org          | 192.0.2.1   | no                 | no
        *.example.org           | .example.org         | 192.0.2.1   | no                 | no
        *.example.org           | evilexample.org      | 192.0.2.1   | no                 | no
        a.example,[2001:db8::1] | [2001:db8::1]:7070   | 2001:db8::1 | no                 | yes
        """)
    void allows(String configured, String host, String local, String byProxy, String allowed) {
        List<String> names = configured == null ? List.of() : Arrays.asList(configured.split(",", -1));

        assertEquals(allowed.equals("yes"), new HostRules(names).allows(host, local, byProxy.equals("yes")));
    }

    @Test
    void aLongNameIsNotLookedAt() {
        assertFalse(new HostRules(List.of()).allows("a".repeat(100_000), "192.0.2.1", false));
    }
}
