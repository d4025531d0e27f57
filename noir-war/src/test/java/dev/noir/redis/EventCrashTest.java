package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.noir.bus.Await;
import dev.noir.eventlog.LogCheck;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TestSdp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The log of a room whose hosts are killed one after the other, and a receiver of it that fails half the time. */
@Tag("cluster")
@ResourceLock(RedisNodes.PATIENCE)
final class EventCrashTest {
    private static final RoomId ROOM = new RoomId("a room");
    private static final int KILLED = 3;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Long> received = new CopyOnWriteArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private RedisProcess redis;
    private RedisNodes nodes;
    private HttpServer receiver;
    private URI webhook;
    private WholeNode one;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
        webhook = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
        // As if there had been nodes all the time: nobody has to wait for hosts that might be cut off.
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        one = new WholeNode(nodes, "one", List.of(webhook));
        opened.add(one);
        Await.until("one is ready", one.cluster::isReady);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        receiver.stop(0);
        nodes.close();
        redis.close();
    }

    /** Refuses every other message the first time. One thread. */
    private void receive(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        long number = Long.parseLong(body.replaceFirst(".*\"number\":([0-9]+).*", "$1"));
        boolean refuses = number % 2 == 0 && refused.add(id);
        if (!refuses && !received.contains(number)) {
            received.add(number);
        }
        exchange.sendResponseHeaders(refuses ? 500 : 204, -1);
        exchange.close();
    }

    private List<LoggedEvent> log() {
        try {
            return one.stores.log().read(ROOM, 1, 100_000);
        } catch (RoomException e) {
            return List.of();
        }
    }

    private void awaitLogged(String type, String peer) {
        Await.until(type + " " + peer, () -> log().stream()
                .anyMatch(event -> event.type().equals(type) && event.json().contains("\"peer\":\"" + peer + "\"")));
    }

    private long count(String type) {
        return log().stream().filter(event -> event.type().equals(type)).count();
    }

    private FakeClient join(String name) {
        FakeClient client = one.client()
                .join(ROOM.value(), name, TestSdp.offer("abcd", "stream-" + name, "audio"), JoinConfig.NONE);
        Await.until(name + " has joined", () -> !client.answers.isEmpty());
        return client;
    }

    @Test
    void whoeverHasJoinedLeavesOnceAndNoNumberIsMissing() throws IOException {
        List<Long> followed = new CopyOnWriteArrayList<>();
        one.followed.follow(ROOM, 1, event -> followed.add(event.number()));
        for (int i = 0; i < KILLED; i++) {
            String names = Integer.toString(i);
            Host host = new Host("host" + i);
            host.tell(ROOM.value());
            host.tell("+dies" + names);
            FakeClient comes = join("comes" + names);
            FakeClient ends = join("ends" + names);
            join("leaves" + names).leave();
            awaitLogged("peer.joined", "dies" + names);
            awaitLogged("track.published", "ends" + names);
            host.process.destroyForcibly();
            Await.until("both come along", () -> one.service.hosts(ROOM) && one.service.peers() == 2);
            comes.offer(TestSdp.offer("wxyz", "stream-comes" + names, "audio"));
            awaitLogged("peer.left", "dies" + names);
            awaitLogged("track.unpublished", "ends" + names); // It has not sent again.
            comes.leave();
            ends.leave();
            long closed = i + 1L;
            Await.until("the room is closed", () -> count("room.closed") == closed);
        }
        List<LoggedEvent> log = log();
        LogCheck.checkEnded(log);
        assertEquals(KILLED, count("room.moved"));
        assertEquals(KILLED, count("room.opened"));
        for (String who : List.of("comes", "ends", "dies")) {
            assertEquals(
                    KILLED,
                    log.stream()
                            .filter(event -> event.type().equals("peer.joined")
                                    && event.json().contains("\"peer\":\"" + who))
                            .count());
        }
        List<Long> numbers = log.stream().map(LoggedEvent::number).toList();
        for (int i = 0; i < 4 && received.size() < numbers.size(); i++) {
            int before = received.size();
            Await.until("more arrives", () -> received.size() >= Math.min(numbers.size(), before + 10));
        }
        assertEquals(numbers, received);
        Await.until("all is heard", () -> followed.size() >= numbers.size());
        assertEquals(numbers, followed);
    }

    @Test
    void whoWasAloneWithAKilledHostLeavesThoughNobodyComesBack() throws IOException {
        Host host = new Host("host");
        host.tell(ROOM.value());
        host.tell("+alone");
        awaitLogged("track.published", "alone");
        host.process.destroyForcibly();

        Await.until("its room is closed", () -> count("room.closed") == 1);
        LogCheck.checkEnded(log());
        Await.until(
                "nobody has it",
                () -> one.service.rooms() == 0
                        && redis.ask("GET", RedisKeys.lease(ROOM)).isEmpty());
    }

    /** A node as a process of its own. */
    private final class Host {
        private final Process process;
        private final List<String> printed = new CopyOnWriteArrayList<>();
        private final Writer in;

        Host(String id) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HostMain.class.getName(),
                            redis.url(),
                            id,
                            webhook.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            opened.add(process::destroyForcibly);
            RedisNodes.daemon(this::read).start();
            Await.until("the host is ready", () -> printed.contains("ready"));
            Await.until("it is seen", () -> one.cluster.registry().find(id).isPresent());
            in = process.outputWriter(StandardCharsets.UTF_8);
        }

        void tell(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
            if (!line.startsWith("+")) {
                Await.until("it hosts the room", () -> printed.contains("hosts " + line));
            }
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    printed.add(line);
                }
            } catch (IOException e) {
                printed.add(e.toString());
            }
        }
    }
}
