package dev.noir.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.OwnPolicy;
import dev.noir.room.Ban;
import dev.noir.room.Medium;
import dev.noir.room.PeerName;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomPlans;
import dev.noir.room.RoomState;
import dev.noir.room.Squelches;
import dev.noir.room.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every directory must hold to. */
public abstract class RoomDirectoryContract {
    private static final RoomId ROOM = new RoomId("test session");

    /** A directory for a node of that name; all of one test see each other. */
    protected abstract RoomDirectory node(String name);

    /** What is laid down, as a node of that name sees it. */
    protected abstract RoomPlans plans(String name);

    /** The store loses all leases, as when it comes back empty or all have run out. */
    protected abstract void forgetLeases();

    private static RoomPlan titled(String title) {
        return new RoomPlan(
                Optional.of(title),
                Optional.of(7),
                Optional.of(0),
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Optional.of(OwnPolicy.parse("join = board, \"the chair\"\npublish = **\nlobby = yes")),
                Optional.of(false));
    }

    @Test
    void whatIsLaidDownOnceIsSeenByAllAndReadByWhoOpensTheRoom() {
        assertEquals(Optional.empty(), plans("a").plan(ROOM));
        assertTrue(plans("a").addPlan(ROOM, titled("first")));
        assertFalse(plans("b").addPlan(ROOM, titled("second")));

        assertEquals(Optional.of(titled("first")), plans("b").plan(ROOM));
        RoomOptions options = node("b").options(ROOM, RoomOptions.DEFAULT.withMaxPublishers(3));
        assertEquals("first", options.title());
        assertEquals(7, options.maxPeers());
        assertEquals(0, options.maxPublishers());
        assertEquals(Duration.ofMinutes(1), options.maxAge());
        assertTrue(options.channel());
        assertEquals(Optional.of(false), options.record());
        assertEquals(titled("first").policy(), Optional.of(options.policy()));
        plans("b").savePlan(ROOM, titled("third"));
        assertEquals("third", node("a").options(ROOM, RoomOptions.DEFAULT).title());
        assertTrue(plans("a").removePlan(ROOM));
        assertFalse(plans("a").removePlan(ROOM));
        assertEquals(RoomOptions.DEFAULT, node("a").options(ROOM, RoomOptions.DEFAULT));
        assertEquals(List.of(), plans("a").plans("", 10));
    }

    @Test
    void plansAreListedInOrderFromAnywhereOn() {
        List<RoomId> rooms = List.of(new RoomId("a"), new RoomId("b c"), new RoomId("é"), new RoomId("😀"));
        for (int i = rooms.size() - 1; i >= 0; i--) {
            plans("a").savePlan(rooms.get(i), RoomPlan.NONE);
        }

        assertEquals(rooms, plans("b").plans("", 10));
        assertEquals(rooms.subList(1, 3), plans("b").plans("a", 2));
        assertEquals(rooms.subList(2, 4), plans("b").plans("zz", 10));
    }

    @Test
    void aFreeRoomBelongsToNobody() {
        assertEquals(Optional.empty(), node("a").find(ROOM));
    }

    @Test
    void aClaimedRoomIsFoundByAll() {
        RoomLease lease = node("a").claim(ROOM);

        assertEquals("a", lease.node());
        assertEquals(Optional.of(lease), node("b").find(ROOM));
    }

    @Test
    void theSecondClaimGetsTheFirstOnesLease() {
        RoomLease first = node("a").claim(ROOM);

        assertEquals(first, node("b").claim(ROOM));
        assertEquals(first, node("a").claim(ROOM));
    }

    @Test
    void aReleasedRoomIsFreeForTheNextWithAHigherEpoch() {
        RoomLease first = node("a").claim(ROOM);
        assertTrue(node("a").release(first));
        RoomLease second = node("b").claim(ROOM);

        assertEquals("b", second.node());
        assertTrue(second.epoch() > first.epoch());
    }

    @Test
    void anOldLeaseCanNeitherRenewNorRelease() {
        RoomDirectory a = node("a");
        RoomLease old = a.claim(ROOM);
        a.release(old);
        RoomLease current = a.claim(ROOM);

        assertFalse(a.renew(old));
        assertFalse(a.release(old));
        assertTrue(a.renew(current));
        assertEquals(Optional.of(current), a.find(ROOM));
    }

    @Test
    void manyAreRenewedAtOnceAndTheLostOnesReported() {
        RoomDirectory a = node("a");
        RoomLease kept = a.claim(ROOM);
        RoomLease lost = a.claim(new RoomId("lost"));
        a.release(lost);

        assertEquals(List.of(lost), a.renewAll(List.of(kept, lost)));
        assertEquals(List.of(), a.renewAll(List.of()));
    }

    @Test
    void anOwnerReassertsWhatTheStoreHasForgotten() {
        RoomLease lease = node("a").claim(ROOM);
        forgetLeases();

        assertFalse(node("a").renew(lease));
        assertTrue(node("a").reassert(lease));
        assertEquals(Optional.of(lease), node("b").find(ROOM));
        assertTrue(node("a").renew(lease));
    }

    @Test
    void reassertingALeaseInForceChangesNothing() {
        RoomLease lease = node("a").claim(ROOM);

        assertTrue(node("a").reassert(lease));
        assertEquals(Optional.of(lease), node("a").find(ROOM));
    }

    @Test
    void anOwnerWhoseSuccessorIsThereIsFenced() {
        RoomLease old = node("a").claim(ROOM);
        forgetLeases();
        RoomLease current = node("b").claim(ROOM);

        assertTrue(current.epoch() > old.epoch());
        assertFalse(node("a").renew(old));
        assertFalse(node("a").reassert(old));
        assertFalse(node("a").release(old));
        assertEquals(Optional.of(current), node("a").find(ROOM));
    }

    @Test
    void theNameOfAnEndedRoomIsRefusedForAWhile() {
        RoomLease lease = node("a").claim(ROOM);
        assertTrue(node("a").release(lease, Duration.ofMinutes(5)));

        assertEquals(Optional.empty(), node("b").find(ROOM));
        RoomException refusal =
                assertThrows(RoomException.class, () -> node("b").claim(ROOM));
        assertEquals(RoomException.Code.ROOM_ENDED, refusal.code());
        assertEquals("b", node("b").claim(new RoomId("other")).node());
    }

    @Test
    void aLostLeaseReservesNothing() {
        RoomLease old = node("a").claim(ROOM);
        node("a").release(old);
        RoomLease current = node("b").claim(ROOM);

        assertFalse(node("a").release(old, Duration.ofMinutes(5)));
        assertTrue(node("b").release(current));
        assertEquals("a", node("a").claim(ROOM).node());
    }

    @Test
    void aRoomOfWhichNothingWasLaidDownIsAsByDefault() {
        RoomOptions defaults = RoomOptions.DEFAULT.withMaxPeers(7);

        assertEquals(defaults, node("a").options(ROOM, defaults));
    }

    private static RoomState laidDown() {
        Subject bob = new Subject("bob \"ä\"", "");
        Subject stranger = new Subject("", "x");
        return new RoomState(
                true,
                Optional.of(false),
                List.of(
                        new Ban("b1", "x", "", "c0000207", Instant.parse("2100-01-01T00:00:00Z")),
                        new Ban("b2", "bob", "bob", "", Instant.parse("2101-01-01T00:00:00.123Z"))),
                Map.of(bob, Grants.NONE.with(Grant.JOIN).with(Grant.MODERATE), stranger, Grants.NONE),
                new Squelches(
                        Map.of(stranger, Set.of(Medium.AUDIO)),
                        Map.of(bob, Set.of("{stream}")),
                        Map.of(Medium.VIDEO, Set.of(bob, stranger))),
                Set.of(new PeerName("w")),
                Map.of(new PeerName("x"), "0123abcd"),
                Optional.of(true));
    }

    @Test
    void nothingIsLaidDownForARoomThatNobodyModerates() {
        assertEquals(RoomState.NONE, node("a").state(ROOM));
    }

    @Test
    void whatWasLaidDownIsFoundByTheNextOwner() {
        RoomLease lease = node("a").claim(ROOM);
        assertTrue(node("a").saveState(lease, laidDown()));
        node("a").release(lease);
        node("b").claim(ROOM);

        assertEquals(laidDown(), node("b").state(ROOM));
        assertEquals(RoomState.NONE, node("b").state(new RoomId("other")));
    }

    @Test
    void whatIsSavedLastHolds() {
        RoomLease lease = node("a").claim(ROOM);
        node("a").saveState(lease, laidDown());
        node("a").saveState(lease, laidDown().afterEnd());
        assertEquals(laidDown().afterEnd(), node("a").state(ROOM));
        assertEquals(2, node("a").state(ROOM).bans().size());

        node("a").saveState(lease, RoomState.NONE);
        assertEquals(RoomState.NONE, node("a").state(ROOM));
    }

    @Test
    void whoseLeaseIsLostLaysDownNothing() {
        RoomLease old = node("a").claim(ROOM);
        node("a").release(old);
        assertFalse(node("a").saveState(old, laidDown()));
        RoomLease current = node("b").claim(ROOM);
        assertFalse(node("a").saveState(old, laidDown()));

        assertEquals(RoomState.NONE, node("b").state(ROOM));
        assertTrue(node("b").saveState(current, laidDown()));
        assertFalse(node("a").saveState(old, RoomState.NONE));
        assertEquals(laidDown(), node("a").state(ROOM));
    }

    @Test
    void roomsAreIndependent() {
        RoomLease one = node("a").claim(ROOM);
        RoomLease other = node("b").claim(new RoomId("other"));
        node("b").release(other);

        assertTrue(node("a").renew(one));
    }

    @Test
    void manyClaimAtOnceAndOneWins() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Set<RoomLease> leases = ConcurrentHashMap.newKeySet();
        // All there before the first claims: nobody renews its lease.
        List<RoomDirectory> directories =
                IntStream.range(0, 16).mapToObj(i -> node("n" + i)).toList();
        directories.forEach(directory -> threads.execute(() -> leases.add(directory.claim(ROOM))));
        threads.shutdown();

        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
        assertEquals(1, leases.size());
    }
}
