package dev.noir.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.RoomClosed;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class HistoryTest {
    private static final RoomId ROOM = new RoomId("r");
    private static final PeerName BOB = new PeerName("bob");

    private final HistoryFixture noir = new HistoryFixture(Duration.ofMinutes(1));

    @Test
    void aPeerIsLookedAtOnceInAStep() {
        noir.join("r", "bob");
        for (int i = 0; i < 3; i++) {
            noir.step();
        }

        Timeline bob = noir.timeline("r", "bob");

        assertEquals(3, bob.samples().size());
        assertEquals(OptionalLong.empty(), bob.left());
        assertEquals(5000, bob.stepMillis());
        Sample first = bob.samples().get(0);
        assertEquals(Optional.of(Sample.Path.UDP), first.path());
        assertEquals(OptionalInt.of(20), first.rtt());
        assertEquals(5000, bob.samples().get(1).at() - first.at());
    }

    @Test
    void onlyTheLastSamplesAreKept() {
        noir.join("r", "bob");
        for (int i = 0; i < 100; i++) {
            noir.step();
        }
        List<Sample> samples = noir.timeline("r", "bob").samples();

        assertEquals(12, samples.size());
        assertTrue(
                samples.get(0).at() > 400_000,
                () -> "the first one is of " + samples.get(0).at());
    }

    @Test
    void peersTakeTurns() {
        for (int i = 0; i < 160; i++) {
            noir.join("r", "peer-" + i);
        }
        noir.scheduler.advance(Duration.ofMillis(100));
        assertEquals(16, noir.asked);
        noir.scheduler.advance(Duration.ofMillis(4900));
        assertEquals(160, noir.asked);
    }

    @Test
    void nobodyIsLookedAtWhenNobodyIsThere() {
        assertEquals(0, noir.scheduler.pending());
        noir.join("r", "bob");
        noir.step();
        noir.leave("r", "bob");
        noir.step();
        noir.step();

        assertEquals(1, noir.asked);
        assertEquals(0, noir.scheduler.pending());
    }

    @Test
    void whoHasLeftIsRememberedForAnHour() {
        noir.join("r", "bob");
        noir.step();
        noir.leave("r", "bob");
        noir.history.happened(new RoomClosed("r", 9));

        assertEquals(OptionalLong.of(5000), noir.timeline("r", "bob").left());
        assertEquals(List.of(new Departed("bob", 0, 5000, 0, Optional.empty())), noir.history.departed(ROOM));
        assertEquals(List.of(), noir.history.departed(new RoomId("other")));

        noir.scheduler.advance(History.KEEP.plusSeconds(1));

        assertEquals(List.of(), noir.history.departed(ROOM));
        assertEquals(Optional.empty(), noir.history.timeline(ROOM, BOB, 0, Long.MAX_VALUE));
    }

    @Test
    void ofThoseWhoHaveLeftOnlySoManyAreRemembered() {
        for (int i = 0; i < History.MAX_DEPARTED + 10; i++) {
            noir.join("r", "peer-" + i);
            noir.leave("r", "peer-" + i);
        }
        List<Departed> departed = noir.history.departed(ROOM);

        assertEquals(History.MAX_DEPARTED, departed.size());
        assertEquals("peer-10", departed.get(0).uid());
    }

    @Test
    void theStayOfATimeIsFound() {
        noir.join("r", "bob");
        noir.step();
        noir.leave("r", "bob");
        noir.step();
        noir.join("r", "bob");
        noir.step();

        assertEquals(10_000, noir.timeline("r", "bob").joined());
        Timeline first = noir.history.timeline(ROOM, BOB, 0, 5000).orElseThrow();
        assertEquals(OptionalLong.of(5000), first.left());
        assertEquals(1, first.samples().size());
        assertEquals(Optional.empty(), noir.history.timeline(ROOM, BOB, 6000, 9000));
    }

    @Test
    void ofLengthZeroNothingIsRemembered() {
        HistoryFixture off = new HistoryFixture(Duration.ZERO);
        off.join("r", "bob");
        off.step();

        assertEquals(0, off.asked);
        assertEquals(Optional.empty(), off.history.timeline(ROOM, BOB, 0, Long.MAX_VALUE));
    }
}
