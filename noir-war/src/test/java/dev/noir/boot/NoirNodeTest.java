package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.admin.DrainControl.State;
import dev.noir.bus.Await;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomEvent;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomException;
import dev.noir.room.TestSdp;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole node, with real media loops, on threads as servers lend them. */
final class NoirNodeTest {
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService oneTimer = Executors.newSingleThreadScheduledExecutor();
    private final int port = freePort();

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "noir.media.port", Integer.toString(port),
                "noir.media.loops", "1",
                "noir.media.addresses", "127.0.0.1");
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    @AfterEach
    void endThreads() {
        oneThread.shutdownNow();
        oneTimer.shutdownNow();
    }

    @Test
    void aNodeWithoutTheServiceOpensNoRoom() throws Exception {
        Map<String, String> front = new HashMap<>(settings());
        front.put("noir.cluster.services", "signal");
        front.put("noir.redis.url", "redis://127.0.0.1:1"); // Nobody is there.
        ContainerThreads threads = new ContainerThreads(this::thread, oneThread, oneTimer);
        try (TestNode node = new TestNode(front, threads, event -> {})) {
            FakeClient client = new FakeClient(node.rooms).join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);
            assertEquals(List.of(RoomException.Code.MOVED), client.codes);
        }
    }

    /** Payara runs nearly everything on one thread: nothing of noiR may wait there for something else. */
    @Test
    void oneThreadIsEnough() throws Exception {
        List<RoomEvent> events = new CopyOnWriteArrayList<>();
        ContainerThreads threads = new ContainerThreads(this::thread, oneThread, oneTimer);
        try (TestNode node = new TestNode(settings(), threads, events::add)) {
            assertTrue(node.health.ready().up());
            FakeClient publisher = on(() -> new FakeClient(node.routes)
                    .join("r", "a", TestSdp.offer("ufra", "s", "audio", "video"), JoinConfig.NONE));
            awaitOn("an answer", () -> publisher.answers.size() == 1 && !publisher.offers.isEmpty());
            FakeClient listener =
                    on(() -> new FakeClient(node.routes).join("r", "b", TestSdp.dataOnly(), JoinConfig.NONE));
            awaitOn("an offer with both tracks", () -> listener.offers.stream()
                    .anyMatch(offer -> offer.contains("m=audio") && offer.contains("m=video")));
            on(() -> {
                listener.answerLast();
                publisher.leave();
                return listener;
            });
            awaitOn("one to have left", () -> node.routes.isJoined(listener.link) && node.rooms.peers() == 1);

            node.drain.close();

            assertEquals(State.DRAINED, node.drain.state());
            awaitOn("the other one to be told", () -> listener.closed != null);
            assertEquals(0, node.rooms.rooms());
        }
        assertNothingIsLeft();
        assertEquals(2, events.stream().filter(PeerJoined.class::isInstance).count());
        assertEquals(2, events.stream().filter(PeerLeft.class::isInstance).count());
        for (int i = 0; i < events.size(); i++) {
            assertEquals(i + 1, events.get(i).sequence());
        }
    }

    /** Clients' fields belong to the one thread. */
    private <T> T on(Callable<T> task) throws Exception {
        return oneThread.submit(task).get(10, TimeUnit.SECONDS);
    }

    private void awaitOn(String what, Callable<Boolean> condition) {
        Await.until(what, () -> {
            try {
                return on(condition);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void anErrorInTheMiddleOfTheStartLeavesNothing() {
        AtomicInteger threads = new AtomicInteger();
        ThreadFactory failing = task -> {
            if (threads.incrementAndGet() == 2) {
                throw new NoClassDefFoundError("expected by this test");
            }
            return thread(task);
        };
        Map<String, String> twoLoops = new HashMap<>(settings());
        twoLoops.put("noir.media.loops", "2");
        assertThrows(
                NoClassDefFoundError.class,
                () -> new TestNode(twoLoops, new ContainerThreads(failing, oneThread, oneTimer), RoomEvents.NONE));

        assertEquals(1, made.size());
        assertNothingIsLeft();
    }

    @Test
    void anErrorAtTheEndOfTheStartLeavesNothing() {
        ScheduledExecutorService failing = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                throw new NoClassDefFoundError("expected by this test");
            }
        };
        assertThrows(
                NoClassDefFoundError.class,
                () -> new TestNode(
                        settings(), new ContainerThreads(this::thread, oneThread, failing), RoomEvents.NONE));

        assertFalse(made.isEmpty());
        assertNothingIsLeft();
        failing.shutdownNow();
    }

    private void assertNothingIsLeft() {
        made.forEach(thread -> assertFalse(thread.isAlive(), thread.toString()));
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertTrue(socket.isBound());
        } catch (SocketException e) {
            throw new AssertionError("port " + port + " is still open", e);
        }
    }
}
