package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnTokensTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final OwnTokens tokens = new OwnTokens(scheduler::nanoTime, new Random(7));

    @Test
    void whoShowsOneIsWhoItWasGivenToForAMinute() {
        String token = tokens.give("announcer", Set.of("noir-user"));
        Caller caller = new Caller("announcer", Set.of("noir-user"), Caller.Means.TOKEN, "127.0.0.1");
        assertEquals(Optional.of(caller), tokens.caller(token, "127.0.0.1"));
        scheduler.advance(OwnTokens.GOOD_FOR.minusNanos(1));
        assertEquals(Optional.of(caller), tokens.caller(token, "127.0.0.1"));
        scheduler.advance(Duration.ofNanos(1));
        assertEquals(Optional.empty(), tokens.caller(token, "127.0.0.1"));
    }

    @Test
    void whoAttendsALobbyIsInNoRole() {
        String token = tokens.giveAttendant("announcer");
        Caller caller = new Caller("announcer", Set.of(), Caller.Means.ATTENDANT, "127.0.0.1");
        assertEquals(Optional.of(caller), tokens.caller(token, "127.0.0.1"));
    }

    @Test
    void othersAreNobodys() {
        String token = tokens.give("a", Set.of());
        assertNotEquals(token, tokens.give("a", Set.of()));
        assertEquals(Optional.empty(), tokens.caller(token + "x", ""));
        assertEquals(Optional.empty(), tokens.caller(token.substring(0, token.length() - 1), ""));
        assertEquals(Optional.empty(), tokens.caller("noir-own-", ""));
        assertEquals(Optional.empty(), tokens.caller("", ""));
    }

    @Test
    void nobodyCanMakeThemPileUp() {
        String oldest = tokens.give("a", Set.of());
        String second = tokens.give("b", Set.of());
        for (int i = 1; i < OwnTokens.MAX_TOKENS; i++) {
            tokens.give("c", Set.of());
        }
        assertTrue(tokens.caller(oldest, "").isEmpty());
        assertTrue(tokens.caller(second, "").isPresent());
    }
}
