package dev.noir.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.noir.whip.Target.Way;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TargetTest {
    @Test
    void addressesAreRoomsPeersAndSessions() {
        assertEquals(Optional.of(new Target(Way.WHIP, "r", "", "")), Target.of(Way.WHIP, "/r"));
        assertEquals(Optional.of(new Target(Way.WHEP, "r", "p", "")), Target.of(Way.WHEP, "/r/p"));
        assertEquals(Optional.of(new Target(Way.WHEP, "r", "", "id")), Target.of(Way.WHEP, "/r/sessions/id"));
        assertEquals(Optional.empty(), Target.of(Way.WHIP, "/r/p"));
        assertEquals(Optional.empty(), Target.of(Way.WHIP, "/r/others/id"));
        for (String path : new String[] {"/", "/r/", "//p", "/r//", "/r/p/", "/a/b/c/d"}) {
            assertEquals(Optional.empty(), Target.of(Way.WHEP, path), path);
        }
    }

    @Test
    void aLocationIsAPathThatNobodyMistakes() {
        SessionId id = SessionId.generate("node é", new Random(1));
        String location = Target.of(Way.WHEP, "/a b+é?").orElseThrow().location("/noir", id);
        assertEquals("/noir/whep/a%20b%2B%C3%A9%3F/sessions/" + id.text(), location);
        assertEquals(Optional.of(id), SessionId.parse(id.text()));
        assertNotEquals(id, SessionId.generate("node é", new Random(2)));
    }

    @Test
    void whatIsNoIdOfOursIsNone() {
        String good = SessionId.generate("n", new Random(1)).text();
        for (String bad : new String[] {"", ".", good.substring(1), good + "x", "?" + good, "x".repeat(600) + good}) {
            Optional<SessionId> parsed = SessionId.parse(bad);
            assertEquals(Optional.empty(), parsed.filter(id -> id.text().equals(good)), bad);
        }
        assertEquals(Optional.empty(), SessionId.parse("____." + "x".repeat(22)), "no UTF-8");
    }
}
