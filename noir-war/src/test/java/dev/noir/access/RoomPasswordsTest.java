package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Passwords.Outcome;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RoomPasswordsTest {
    private static final Password LISTEN = new Password("listen");
    private static final Password SPEAK = new Password("speak");
    private static final Password NONSENSE = new Password("nonsense");

    private static RoomHashes hashes = RoomHashes.NONE;

    private final Map<String, RoomHashes> own = new HashMap<>();
    private long now = Long.MAX_VALUE - 5; // It may wrap around.
    private RoomPolicy policy = withPasswords(hashes);
    private final AtomicInteger derivations = new AtomicInteger();
    private final Invitations invitations = new Invitations(new byte[] {1}, () -> Instant.EPOCH);
    private final RoomPasswords passwords = new RoomPasswords(
            () -> Policies.of(policy),
            room -> own.getOrDefault(room, RoomHashes.NONE),
            invitations,
            () -> now,
            new SecureRandom(),
            (hash, password) -> {
                derivations.incrementAndGet();
                return hash.equals(
                                password.equals(LISTEN)
                                        ? hashes.join().orElseThrow()
                                        : hashes.publish().orElseThrow())
                        && !password.equals(NONSENSE)
                        && password.isGiven();
            });

    @BeforeAll
    static void hashOnce() {
        SecureRandom random = new SecureRandom();
        hashes = new RoomHashes(
                Optional.of(PasswordHash.of(LISTEN, random)), Optional.of(PasswordHash.of(SPEAK, random)));
    }

    @Test
    void tellsWhatAPasswordOpens() {
        assertEquals(Set.of(Pass.JOIN), check(LISTEN, "192.0.2.1").passes());
        assertEquals(Set.of(Pass.PUBLISH), check(SPEAK, "192.0.2.1").passes());
        assertEquals(Outcome.WRONG, check(NONSENSE, "192.0.2.1").outcome());
        assertEquals(Set.of(), check(NONSENSE, "192.0.2.1").passes());
    }

    @Test
    void anInvitationIsForOne() {
        Password shown = invitations.write("room", "bob", "");
        Caller anybody = Caller.ANONYMOUS.at("192.0.2.1");

        assertTrue(passwords.invites(anybody, "room", "bob", shown));
        assertFalse(passwords.invites(anybody, "room", "eve", shown));
        assertFalse(passwords.invites(anybody, "room", "bob", LISTEN));
    }

    @Test
    void listensToAnythingWhereNoPasswordIs() {
        policy = withPasswords(RoomHashes.NONE);

        assertEquals(Passwords.Result.of(Set.of()), check(NONSENSE, "192.0.2.1"));
        assertInstanceOf(Passwords.Known.class, ask(NONSENSE, "192.0.2.1"));
    }

    @Test
    void noPasswordIsNotAWrongOne() {
        for (int i = 0; i < 100; i++) {
            assertEquals(Outcome.FINE, check(Password.NONE, "192.0.2.1").outcome());
        }
    }

    @Test
    void aRoomsOwnPasswordStandsInThePlaceOfThePolicys() {
        own.put("room", new RoomHashes(hashes.publish(), Optional.empty()));

        assertEquals(Outcome.WRONG, check(LISTEN, "192.0.2.1").outcome());
        assertEquals(Set.of(Pass.JOIN, Pass.PUBLISH), check(SPEAK, "192.0.2.1").passes());
    }

    @Test
    void afterTenWrongOnesInAMinuteNoneIsLookedAt() {
        giveWrongOnes("192.0.2.1");

        assertEquals(Outcome.TOO_MANY, check(NONSENSE, "192.0.2.1").outcome());
        assertEquals(Outcome.TOO_MANY, check(LISTEN, "192.0.2.1").outcome());
        assertEquals(Outcome.FINE, check(LISTEN, "192.0.2.2").outcome());

        now += RoomPasswords.WINDOW_NANOS - 1;
        assertEquals(Outcome.TOO_MANY, check(LISTEN, "192.0.2.1").outcome());
        now += 1;
        assertEquals(Outcome.FINE, check(LISTEN, "192.0.2.1").outcome());
    }

    @Test
    void theAddressesOfOneHomeAreOne() {
        giveWrongOnes("2001:db8:1:2::7");

        assertEquals(Outcome.TOO_MANY, check(LISTEN, "2001:db8:1:2:ffff::1").outcome());
        assertEquals(Outcome.FINE, check(LISTEN, "2001:db8:1:3::7").outcome());
    }

    @Test
    void aRightOneIsDerivedOnceAndAWrongOneEachTime() {
        check(LISTEN, "192.0.2.1");
        assertEquals(2, derivations.get());
        check(LISTEN, "192.0.2.2");
        check(LISTEN, "192.0.2.3");
        assertEquals(2, derivations.get());

        check(NONSENSE, "192.0.2.1");
        check(NONSENSE, "192.0.2.1");
        assertEquals(6, derivations.get());
    }

    @Test
    void aPasswordThatHasBeenChangedIsNotRememberedAsRight() {
        check(LISTEN, "192.0.2.1");
        policy = withPasswords(new RoomHashes(hashes.publish(), Optional.empty()));

        assertEquals(Outcome.WRONG, check(LISTEN, "192.0.2.1").outcome());
    }

    @Test
    void whatNeedsNoComputingIsKnownAtOnce() {
        assertInstanceOf(Passwords.Open.class, ask(LISTEN, "192.0.2.1"));
        check(LISTEN, "192.0.2.1");
        assertInstanceOf(Passwords.Known.class, ask(LISTEN, "192.0.2.9"));
        giveWrongOnes("192.0.2.1");
        assertInstanceOf(Passwords.Known.class, ask(NONSENSE, "192.0.2.1"));
    }

    @Test
    void aSiteHasForty8Bits() {
        assertEquals(Addresses.site("2001:db8:1:2::7"), Addresses.site("2001:db8:1:fff0::1"));
        assertNotEquals(Addresses.site("2001:db8:1:2::7"), Addresses.site("2001:db8:2:2::7"));
        assertEquals("192.0.2.1", Addresses.site("192.0.2.1"));
        assertEquals("2001:db8:1:2::/64", Addresses.subscriber("2001:db8:1:2::7"));
    }

    private Passwords.Answer ask(Password password, String address) {
        return passwords.ask(Caller.ANONYMOUS.at(address), "room", password);
    }

    private void giveWrongOnes(String address) {
        for (int i = 0; i < RoomPasswords.WRONG_PER_WINDOW; i++) {
            assertEquals(Outcome.WRONG, check(NONSENSE, address).outcome());
        }
    }

    private Passwords.Result check(Password password, String address) {
        return passwords.ask(Caller.ANONYMOUS.at(address), "room", password).get();
    }

    private static RoomPolicy withPasswords(RoomHashes some) {
        RoomPolicy settings = EntranceTableTest.SETTINGS;
        return new RoomPolicy(settings.roles(), settings.creators(), settings.anonymous(), false, 0, some);
    }
}
