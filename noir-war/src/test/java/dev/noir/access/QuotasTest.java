package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Quotas.Share;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class QuotasTest {
    private static final Caller ANN = new Caller("ann", Set.of(), Caller.Means.CONTAINER, "192.0.2.1");
    private static final Caller BEN = new Caller("ben", Set.of(), Caller.Means.CONTAINER, "192.0.2.1");
    private static final Caller STRANGER = Caller.ANONYMOUS.at("192.0.2.1");
    private static final Caller OTHER = Caller.ANONYMOUS.at("192.0.2.2");

    private long now;
    private final Quotas quotas = new Quotas(new Share(3, 4, 1), new Share(2, 2, 2), OptionalInt.of(5), () -> now);

    @Test
    void countsStrangersByAddressAndOthersByName() {
        assertEquals(3, opens(STRANGER, 10));
        assertEquals(2, opens(ANN, 10));
        assertEquals(2, opens(BEN, 10));

        quotas.close(ANN);
        assertEquals(1, opens(ANN, 10));
    }

    @Test
    void oneAddressCannotUseUpWhatIsKeptForThoseWhoAreKnown() {
        assertEquals(3, opens(STRANGER, 10));
        assertEquals(2, opens(OTHER, 10));
        assertEquals(Optional.of("the server has too many connections, log in or try again later"), quotas.open(OTHER));
        assertEquals(2, opens(ANN, 10));

        quotas.close(STRANGER);
        assertEquals(Optional.empty(), quotas.open(OTHER));
    }

    @Test
    void whereAllIsKeptForThoseWhoAreKnownStrangersGetNone() {
        Quotas closed = new Quotas(Share.UNLIMITED, Share.UNLIMITED, OptionalInt.of(0), () -> now);

        assertTrue(closed.open(STRANGER).isPresent());
        assertEquals(Optional.empty(), closed.open(ANN));
    }

    @Test
    void saysWhoseConnectionsAreTooMany() {
        opens(STRANGER, 3);
        opens(ANN, 2);

        assertEquals(Optional.of("too many connections from your address, try again later"), quotas.open(STRANGER));
        assertEquals(Optional.of("too many connections from you, try again later"), quotas.open(ANN));
    }

    @Test
    void theAddressesOfOneHomeAreOneAndANameThatLooksLikeAnAddressIsNone() {
        assertEquals(3, opens(Caller.ANONYMOUS.at("2001:db8::1"), 3));
        assertEquals(0, opens(Caller.ANONYMOUS.at("2001:db8::2"), 1));
        assertEquals(2, opens(new Caller("192.0.2.1", Set.of(), Caller.Means.TOKEN, ""), 9));
        assertEquals(2, opens(STRANGER, 2));
    }

    @Test
    void joinsAreCountedByTheMinute() {
        for (int i = 0; i < 4; i++) {
            assertTrue(quotas.mayJoin(STRANGER));
        }
        assertFalse(quotas.mayJoin(STRANGER));
        assertTrue(quotas.mayJoin(OTHER));
        assertTrue(quotas.mayJoin(ANN));

        now += TimeUnit.MINUTES.toNanos(1);
        assertTrue(quotas.mayJoin(STRANGER));
    }

    @Test
    void newRoomsAreCountedWhereSomebodyMayOpenThem() {
        Entrance open = new CountingEntrance(new OpenEntrance(), quotas);
        RoomFacts old = new RoomFacts(false, 1, false, false, Optional.empty(), Set.of(), OwnPolicy.NONE);

        assertEquals(
                Entrance.Granted.class,
                open.admit(STRANGER, "a", RoomFacts.FRESH, Set.of()).getClass());
        assertEquals(
                Entrance.Granted.class, open.admit(STRANGER, "a", old, Set.of()).getClass());
        assertEquals(
                new Entrance.Refused(Entrance.Reason.TOO_MANY, "too many new rooms, try again later"),
                open.admit(STRANGER, "b", RoomFacts.FRESH, Set.of()));
        assertEquals(
                Entrance.Granted.class,
                open.admit(ANN, "b", RoomFacts.FRESH, Set.of()).getClass());
    }

    @Test
    void nothingIsKeptOfSocketsThatAreClosed() {
        for (int i = 0; i < 100_000; i++) {
            Caller caller = Caller.ANONYMOUS.at("10." + i % 200 + "." + i / 200 % 200 + ".1");
            assertEquals(Optional.empty(), quotas.open(caller));
            quotas.close(caller);
        }
        assertEquals(3, opens(STRANGER, 3));
    }

    @Test
    void zeroIsNoLimit() {
        Quotas none = Quotas.unlimited();
        for (int i = 0; i < 10_000; i++) {
            assertEquals(Optional.empty(), none.open(STRANGER));
            assertTrue(none.mayJoin(STRANGER) && none.mayOpenRoom(STRANGER));
        }
    }

    private int opens(Caller caller, int times) {
        int opened = 0;
        for (int i = 0; i < times; i++) {
            opened += quotas.open(caller).isEmpty() ? 1 : 0;
        }
        return opened;
    }
}
