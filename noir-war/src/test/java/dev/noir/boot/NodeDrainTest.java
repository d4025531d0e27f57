package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.access.NameRule;
import dev.noir.admin.DrainControl.State;
import dev.noir.bus.LocalNodeBus;
import dev.noir.bus.LocalNodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinConfig;
import dev.noir.room.TestSdp;
import dev.noir.route.LoneNode;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.SignalServer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NodeDrainTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final LocalRoomDirectory.Shared leases = new LocalRoomDirectory.Shared();
    private final LocalNodeRegistry.Shared registries = new LocalNodeRegistry.Shared();
    private final LocalNodeBus.Shared buses = new LocalNodeBus.Shared();
    private final LoneNode node = node("one");

    private int begun;

    private LoneNode node(String id) {
        return new LoneNode(id, scheduler, leases, registries, buses);
    }

    private NodeDrain drain(Duration timeout) {
        SignalServer signal = new SignalServer(
                SignalLimits.DEFAULT, node.rooms, scheduler, Runnable::run, new Random(1), NameRule.FREE);
        return new NodeDrain(node.service, node.rooms, node.registry, signal, scheduler, timeout, () -> begun++);
    }

    private static FakeClient join(LoneNode at, String room) {
        FakeClient client = new FakeClient(at.rooms).join(room, "a", TestSdp.dataOnly(), JoinConfig.NONE);
        client.answerLast();
        return client;
    }

    @Test
    void aNodeWithoutRoomsIsDrainedAtOnce() {
        NodeDrain drain = drain(TIMEOUT);
        assertEquals(State.UP, drain.state());
        assertEquals(0, begun);
        drain.drain();
        drain.drain();
        assertEquals(1, begun);

        assertEquals(State.DRAINED, drain.state());
        assertEquals(NodeState.DRAINING, node.registry.self().state());
    }

    @Test
    void roomsMayGoOnUntilTheyAreEmpty() {
        FakeClient client = join(node, "r");
        NodeDrain drain = drain(TIMEOUT);
        drain.drain();
        scheduler.advance(TIMEOUT.dividedBy(2));
        assertEquals(State.DRAINING, drain.state());
        assertNull(client.closed);
        client.leave();
        scheduler.advance(Duration.ofSeconds(1));

        assertEquals(State.DRAINED, drain.state());
    }

    @Test
    void whoIsHereAfterTheDeadlineIsSentAway() {
        FakeClient client = join(node, "r");
        NodeDrain drain = drain(TIMEOUT);
        drain.drain();
        drain.drain();
        scheduler.advance(TIMEOUT);

        assertEquals(CloseCause.GOING_AWAY, client.closed);
        assertEquals(State.DRAINED, drain.state());
        assertEquals(0, node.media.openObjects());
    }

    @Test
    void stoppingWithoutATimeoutGivesRoomsAwayAtOnce() {
        LoneNode other = node("two");
        while (node.service.rooms() == 0) {
            join(other, "r" + other.service.rooms());
        }
        int rooms = node.service.rooms() + other.service.rooms();
        drain(Duration.ZERO).close();

        assertEquals(0, node.service.rooms());
        assertEquals(rooms, other.service.rooms());
        assertEquals(1, other.rooms.resumedPeers());
    }
}
