package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** For whom, where, and how long. */
final class InvitationsTest {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final SecureRandom random = new SecureRandom();
    private final Invitations invitations = Invitations.of("the cluster's secret", random, () -> now);
    private final Password bobs = invitations.write("team", "bob", "robert");

    @Test
    void isForOneInOneRoom() {
        assertTrue(invitations.isGood(bobs, "team", "bob", "robert"));
        assertFalse(invitations.isGood(bobs, "other", "bob", "robert"));
        assertFalse(invitations.isGood(bobs, "team", "eve", "robert"));
        assertFalse(invitations.isGood(bobs, "team", "bob", ""));
        // What is written together is not the same.
        assertFalse(invitations.isGood(bobs, "teamb", "ob", "robert"));
    }

    @Test
    void holdsForADaysWork() {
        now = now.plus(Duration.ofHours(12)).minusSeconds(1);
        assertTrue(invitations.isGood(bobs, "team", "bob", "robert"));
        now = now.plusSeconds(1);
        assertFalse(invitations.isGood(bobs, "team", "bob", "robert"));
    }

    @Test
    void nobodyElseWritesOne() {
        assertTrue(Invitations.of("the cluster's secret", random, () -> now).isGood(bobs, "team", "bob", "robert"));
        assertFalse(Invitations.of("another", random, () -> now).isGood(bobs, "team", "bob", "robert"));
        assertFalse(Invitations.of("", random, () -> now).isGood(bobs, "team", "bob", "robert"));
        String longer = bobs.text().replaceFirst(":[^.]*", ":zzzzzzz");
        for (String text :
                new String[] {"", "noir-invitation:", "noir-invitation:.", "noir-invitation:-1.x", "x.y", longer}) {
            assertFalse(invitations.isGood(new Password(text), "team", "bob", "robert"), text);
        }
    }

    @Test
    void isShortEnoughForAPasswordAndNotPrinted() {
        assertTrue(bobs.isGiven());
        assertEquals("***", bobs.toString());
    }
}
