package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.TraceParent;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.RoomException;
import dev.noir.room.TestSdp;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of joins and take-overs, and that a join keeps its place in a trace on its way to another node. */
final class RouteWatchTest {
    private static final TraceParent STEP = new TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    private final ClusterFixture cluster = new ClusterFixture();
    private final Node front = cluster.front("front");
    private final Node host = cluster.node("host");
    private final Told atFront = new Told();
    private final Told atHost = new Told();

    RouteWatchTest() {
        front.rooms.watch(atFront);
        host.rooms.watch(atHost);
    }

    /** Remembers; each join is at the next step of its trace. */
    private static final class Told implements RouteWatch {
        final List<String> log = new ArrayList<>();
        Duration took = Duration.ZERO;

        @Override
        public Join joining(JoinRequest request) {
            return join("join " + request.peer(), request);
        }

        @Override
        public Join hosting(JoinRequest request) {
            return join("host " + request.peer(), request);
        }

        private Join join(String what, JoinRequest request) {
            log.add(what + " from " + (request.trace().isGiven() ? "somewhere" : "nowhere"));
            return new Join() {
                @Override
                public TraceParent trace() {
                    return STEP;
                }

                @Override
                public void ended(boolean forwarded, Optional<RoomException.Code> refusal, Duration took) {
                    log.add(what
                            + (forwarded ? " forwarded " : " ")
                            + refusal.map(RoomException.Code::name).orElse("ok"));
                }
            };
        }

        @Override
        public void tookOver(JoinRequest request, boolean resumed, Duration lasted) {
            log.add((resumed ? "resumed " : "lost ") + request.peer());
            took = lasted;
        }
    }

    @Test
    void aForwardedJoinIsToldAtBothNodes() {
        front.settled("a");

        assertEquals(List.of("join a from nowhere", "join a forwarded ok"), atFront.log);
        assertEquals(List.of("host a from somewhere", "host a ok"), atHost.log);
    }

    @Test
    void aJoinOfThisNodesRoomGoesNowhere() {
        host.settled("a");

        assertEquals(List.of("join a from nowhere", "join a ok"), atHost.log);
        assertEquals(List.of(), atFront.log);
    }

    @Test
    void aRefusalIsToldWithItsReason() {
        front.settled("a");
        atFront.log.clear();
        atHost.log.clear();
        front.client().join(ClusterFixture.ROOM.value(), "b", "no SDP", JoinConfig.NONE);

        assertEquals(List.of("join b from nowhere", "join b forwarded INVALID"), atFront.log);
        assertEquals(List.of("host b from somewhere", "host b INVALID"), atHost.log);
    }

    @Test
    void aTakeOverIsToldWithItsTime() {
        FakeClient client = front.client().join(ClusterFixture.ROOM.value(), "a", TestSdp.dataOnly(), JoinConfig.NONE);
        client.answerLast();
        host.connectAll();
        atFront.log.clear();
        host.dies();
        host.isFoundDead();
        cluster.scheduler.advance(Duration.ofSeconds(2)); // Nobody is there to take the room.
        assertEquals(List.of(), atFront.log);
        cluster.node("next");
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(List.of("resumed a"), atFront.log);
        assertTrue(atFront.took.compareTo(Duration.ofSeconds(2)) > 0, atFront.took.toString());
        assertTrue(atFront.took.compareTo(Duration.ofSeconds(3)) <= 0, atFront.took.toString());
    }
}
