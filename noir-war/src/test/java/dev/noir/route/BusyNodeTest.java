package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Envelope;
import dev.noir.room.FakeScheduler;
import dev.noir.route.ClusterFixture.Node;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A server that has no thread for us now and then. */
final class BusyNodeTest {
    private final FakeScheduler time = new FakeScheduler();
    private boolean busy;
    private final ClusterFixture cluster = new ClusterFixture(this::execute, time);

    private void execute(Runnable task) {
        if (busy) {
            throw new RejectedExecutionException("busy");
        }
        task.run();
    }

    private static long lists(Node node) {
        return node.bus.sent.stream()
                .filter(envelope -> envelope.kind() == Envelope.Kind.ATTACHED)
                .count();
    }

    @Test
    void comparesPeersAgainWhenThereIsAThread() {
        Node front = cluster.front("front");
        cluster.node("host");
        assertEquals(1, front.join("a").answers.size());
        busy = true;
        time.advance(RoutingLimits.DEFAULT.checkInterval());
        busy = false;
        long before = lists(front);
        time.advance(RoutingLimits.DEFAULT.checkInterval());

        assertTrue(lists(front) > before, front.bus.sent.toString());
    }
}
