package dev.noir.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9725 §4.6. */
final class IceServersTest {
    private static final List<String> URIS = List.of("stun:stun.example.org", "turn:turn.example.org?transport=udp");
    private static final String STUN = "<stun:stun.example.org>; rel=\"ice-server\"";

    @Test
    void passwordsAreForWhoIsLetInOrKnown() {
        IceServers servers = new IceServers(URIS, "user", "secret");
        String turn = "<turn:turn.example.org?transport=udp>; rel=\"ice-server\"; username=\"user\";"
                + " credential=\"secret\"; credential-type=\"password\"";
        assertEquals(List.of(STUN, turn), servers.links());
        assertEquals(List.of(STUN, turn), servers.links(true));
        assertEquals(List.of(STUN), servers.links(false));
    }

    @Test
    void withoutPasswordTheyAreForAll() {
        IceServers servers = new IceServers(URIS, "", "");
        assertEquals(List.of(STUN, "<turn:turn.example.org?transport=udp>; rel=\"ice-server\""), servers.links(false));
        assertEquals(List.of(), IceServers.NONE.links());
    }
}
