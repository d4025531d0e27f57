package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.fixture.RedisProcess;
import dev.noir.fixture.Signals;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A node dies, or only seems to: node a is a process of its own. */
@Tag("cluster")
@ResourceLock(RedisNodes.PATIENCE)
final class CrashTest {
    private static final RoomId ROOM = new RoomId("room");

    private final List<String> printed = new CopyOnWriteArrayList<>();
    private RedisProcess redis;
    private RedisNodes nodes;
    private Process process;
    private Writer in;
    private Cluster b;
    private Watch watch;
    private RoomLease lease;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        // As if there had been nodes all the time: nobody has to wait for hosts that might be cut off.
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        b = nodes.start("b");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        redis.url(),
                        "a")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RedisNodes.daemon(this::read).start();
        Await.until("a is ready", () -> printed.contains("ready"));
        Await.until("b sees a", () -> b.isReady() && b.registry().find("a").isPresent());
        watch = Watch.on(b);
        in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(ROOM + "\n");
        in.flush();
        Await.until("a hosts the room", () -> b.rooms().find(ROOM).isPresent());
        lease = b.rooms().find(ROOM).orElseThrow();
        assertEquals("a", lease.node());
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

    private void awaitGone() {
        Await.until("b is told", () -> watch.told().contains("gone a"));
        assertEquals(List.of("gone a"), watch.told());
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
        nodes.close();
        redis.close();
    }

    @Test
    void aKilledNodeIsGoneAndItsRoomsAreFreeAndNothingPointsAtIt() {
        process.destroyForcibly();
        awaitGone();
        RoomLease next = b.rooms().claim(ROOM);

        assertEquals("b", next.node());
        assertTrue(next.epoch() > lease.epoch());
        Await.until("no key is its own", () -> !redis.ask("KEYS", "*").contains("{a}"));
        assertEquals("", redis.ask("HGET", RedisKeys.NODE_INFO, "a"));
        assertEquals("", redis.ask("ZSCORE", RedisKeys.NODE_BEATS, "a"));
    }

    @Test
    void aStoppedNodeFindsItselfFencedWhenItGoesOn() {
        Signals.stop(process);
        awaitGone();
        RoomLease next = b.rooms().claim(ROOM);
        Signals.resume(process);
        Await.until("a knows", () -> printed.contains("lost room a " + lease.epoch()));
        Await.until("a is back", () -> b.registry().find("a").isPresent());

        assertEquals(next, b.rooms().find(ROOM).orElseThrow());
        assertEquals(List.of(next), b.rooms().leases());
    }

    @Test
    void aStoppedNodeKeepsARoomThatNobodyHasTaken() throws IOException {
        Signals.stop(process);
        awaitGone();
        Signals.resume(process);
        Await.until("a is back", () -> b.registry().find("a").isPresent());
        // Its lease may have run out; it says anew that it has the room after it has said that it is there.
        Await.until("a has the room", () -> b.rooms().find(ROOM).isPresent());
        in.write(ROOM + "\n");
        in.flush();
        String again = "claimed room a " + lease.epoch();

        Await.until(
                "it has the same lease",
                () -> printed.stream().filter(again::equals).count() == 2);
    }
}
