package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.resumeRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Password;
import dev.noir.access.TakenName;
import dev.noir.room.Notification.ResumeSecret;
import dev.noir.room.RoomException.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose place somebody takes who joins under a name that is taken. */
final class TakenNameTest {
    private static final Caller STRANGER = Moderators.anonymousFrom("198.51.100.3");

    private static RoomFixture fixture(TakenName taken) {
        return new RoomFixture(RoomOptions.DEFAULT, new OpenEntrance(), taken);
    }

    private static FakeClient join(RoomFixture noir, String name, Caller caller) {
        return noir.client().join(request(name, caller));
    }

    private static FakeClient back(RoomFixture noir, String name, String secret) {
        return noir.client().join(request(name, STRANGER).withResume(new Password(secret)));
    }

    private static String secret(FakeClient client) {
        return Moderators.lastTold(client, ResumeSecret.class).secret();
    }

    @Test
    void nobodyTakesThePlaceOfAPrincipalButItself() {
        for (TakenName taken : TakenName.values()) {
            RoomFixture noir = fixture(taken);
            FakeClient bob = join(noir, "b", BOB);
            FakeClient thief = join(noir, "b", EVA);
            assertEquals(List.of(Code.FORBIDDEN), thief.codes);
            assertEquals(List.of("somebody else has the name b in this room"), thief.errors);
            assertEquals(List.of(Code.FORBIDDEN), join(noir, "b", STRANGER).codes);
            assertNull(bob.closed);

            assertEquals(List.of(), join(noir, "b", BOB).codes);
            assertEquals(CloseCause.REPLACED, bob.closed);
        }
    }

    @Test
    void anAnonymousPlaceIsReplacedByDefault() {
        RoomFixture noir = fixture(TakenName.REPLACE);
        FakeClient first = join(noir, "x", STRANGER);
        FakeClient second = join(noir, "x", STRANGER);

        assertEquals(CloseCause.REPLACED, first.closed);
        assertEquals(List.of(), second.told);
    }

    @Test
    void orRefusedWhileItsHolderIsThere() {
        RoomFixture noir = fixture(TakenName.REFUSE);
        FakeClient first = join(noir, "x", STRANGER);
        assertEquals(List.of(Code.FORBIDDEN), join(noir, "x", STRANGER).codes);
        assertEquals(List.of(Code.FORBIDDEN), join(noir, "x", BOB).codes);
        assertNull(first.closed);
        join(noir, "other", STRANGER);
        first.leave();
        assertEquals(List.of(), join(noir, "x", STRANGER).codes);
    }

    @Test
    void orGivenToWhoKnowsTheSecret() {
        RoomFixture noir = fixture(TakenName.SECRET);
        FakeClient first = join(noir, "x", STRANGER);
        FakeClient other = join(noir, "y", STRANGER);
        assertEquals(List.of(Code.FORBIDDEN), join(noir, "x", STRANGER).codes);
        assertEquals(List.of(Code.FORBIDDEN), back(noir, "x", "guessed").codes);
        assertEquals(List.of(Code.FORBIDDEN), back(noir, "x", secret(other)).codes);
        assertNull(first.closed);

        FakeClient again = back(noir, "x", secret(first));
        assertEquals(List.of(), again.codes);
        assertEquals(CloseCause.REPLACED, first.closed);
        assertNotEquals(secret(first), secret(again));
        assertEquals(List.of(Code.FORBIDDEN), back(noir, "x", secret(first)).codes);
        again.leave();
        assertEquals(List.of(), join(noir, "x", STRANGER).codes);
    }

    @Test
    void whoIsLoggedInGetsHisOwnNameFromAStranger() {
        for (TakenName taken : TakenName.values()) {
            RoomFixture noir = fixture(taken);
            FakeClient stranger = join(noir, "bob", STRANGER);
            assertEquals(List.of(), join(noir, "bob", BOB).codes);
            assertEquals(CloseCause.REPLACED, stranger.closed);
            assertEquals(List.of(Code.FORBIDDEN), join(noir, "bob", STRANGER).codes);
        }
    }

    @Test
    void aPrincipalNeedsNoSecret() {
        assertEquals(List.of(), join(fixture(TakenName.SECRET), "b", BOB).told);
    }

    @Test
    void theSecretOutlivesTheHostAndIsNotWhatIsKept() {
        RoomFixture noir = fixture(TakenName.SECRET);
        FakeClient first = join(noir, "x", STRANGER);
        RoomState kept = noir.directory.state(Moderators.ROOM);
        assertFalse(kept.toString().contains(secret(first)));

        RoomFixture next = noir.afterItsDeath();
        FakeClient other = join(next, "y", STRANGER);
        join(next, "z", STRANGER);
        other.leave();
        assertEquals(List.of(Code.FORBIDDEN), join(next, "x", STRANGER).codes);
        FakeClient itself = back(next, "x", secret(first));
        assertEquals(List.of(), itself.codes);
        itself.leave();
    }

    @Test
    void aSecretIsAskedForAlsoWhenTheHolderHasBeenBroughtBack() {
        RoomFixture noir = fixture(TakenName.SECRET);
        FakeClient first = join(noir, "x", STRANGER);
        RoomFixture next = noir.afterItsDeath();
        next.client().resume(resumeRequest("x", STRANGER));
        assertEquals(List.of(Code.FORBIDDEN), join(next, "x", STRANGER).codes);
        assertEquals(List.of(), back(next, "x", secret(first)).codes);
    }

    @Test
    void aNameIsFreeWhenItsHolderHasNotComeBackFromADeadHost() {
        RoomFixture noir = fixture(TakenName.SECRET);
        join(noir, "x", STRANGER);
        RoomFixture next = noir.afterItsDeath();
        FakeClient other = next.settled("r", "y");
        next.scheduler.advance(Duration.ofSeconds(21));

        assertNull(other.closed);
        assertEquals(List.of(), join(next, "x", STRANGER).codes);
    }

    @Test
    void aPrincipalThatComesBackFromADeadHostGetsItsPlaceBack() {
        RoomFixture noir = fixture(TakenName.REPLACE);
        FakeClient usurper = join(noir, "b", STRANGER);
        FakeClient bob = noir.client().resume(resumeRequest("b", BOB));

        assertEquals(List.of(), bob.codes);
        assertEquals(CloseCause.REPLACED, usurper.closed);
        assertEquals(List.of(Code.ALREADY_JOINED), noir.client().resume(resumeRequest("b", BOB)).codes);
    }

    /** What a moderator gave to a name was not given to whoever takes that name next. */
    @Test
    void grantsGivenToANameAreNotInherited() {
        RoomFixture noir = fixture(TakenName.REPLACE);
        FakeClient eva = join(noir, "eva", EVA);
        FakeClient first = join(noir, "x", STRANGER);
        eva.moderate(new ModerationCommand.SetGrants(Moderators.name("x"), Grants.NONE.with(Grant.MODERATE)));
        assertNull(first.moderate(new ModerationCommand.Peers()));
        FakeClient second = join(noir, "x", STRANGER);

        assertEquals(Code.FORBIDDEN, second.moderate(new ModerationCommand.Peers()));
        RoomFixture next = noir.afterItsDeath();
        FakeClient resumed = next.client().resume(resumeRequest("x", STRANGER));
        assertEquals(Code.FORBIDDEN, resumed.moderate(new ModerationCommand.Peers()));
    }
}
