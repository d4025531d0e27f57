package dev.noir.redis;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.ROOM;
import static dev.noir.room.Moderators.lastTold;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.squelched;
import static dev.noir.room.Moderators.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.bus.Await;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.FakeClient;
import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationCommand.Banish;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.Moderators;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.SquelchChanged;
import dev.noir.room.RoomException.Code;
import dev.noir.room.TestSdp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Moderation over two nodes and Redis, and what of it outlives a node that is killed. */
@ResourceLock(RedisNodes.PATIENCE)
final class ModeratedClusterTest {
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);
    private static final long IN_FORCE_MILLIS = 200;

    private RedisProcess redis;
    private RedisNodes nodes;
    private WholeNode one;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        // As if there had been nodes all the time: nobody has to wait for hosts that might be cut off.
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        one = node("one");
    }

    private WholeNode node(String id) {
        WholeNode node = new WholeNode(nodes, id);
        opened.add(node);
        Await.until(id + " is ready", node.cluster::isReady);
        return node;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        nodes.close();
        redis.close();
    }

    private static FakeClient join(WholeNode at, String name, Caller caller, String... sections) {
        FakeClient client = at.client().join(request(name, caller, sections));
        Await.until(name + " has joined", () -> !client.offers.isEmpty() || !client.errors.isEmpty());
        if (client.errors.isEmpty()) {
            client.answer(TestSdp.answer(client.lastOffer()));
        }
        return client;
    }

    private static void done(FakeClient client, ModerationCommand command) {
        int before = client.results.size();
        client.moderate(command);
        Await.until(command + " is done", () -> client.results.size() > before);
    }

    private static Code refused(FakeClient client, ModerationCommand command) {
        int before = client.codes.size();
        client.moderate(command);
        Await.until(command + " is refused", () -> client.codes.size() > before);
        return client.codes.get(before);
    }

    private static Squelch squelch(boolean squelched) {
        return new Squelch(squelched, name("bob"), Optional.of(Medium.AUDIO), Optional.empty());
    }

    /** Of several times the best: other tests may have the machine at the same time. */
    private static void assertInForceSoon(FakeClient moderator, FakeClient bob, WholeNode host) {
        long best = Long.MAX_VALUE;
        for (boolean on : List.of(true, false, true, false, true)) {
            int before = told(bob, SquelchChanged.class).size();
            long start = System.nanoTime();
            moderator.moderate(squelch(on));
            Await.until("it is in force", () -> host.publishers().stream()
                    .filter(publisher -> !publisher.tracks.isEmpty())
                    .allMatch(publisher -> squelched(publisher).equals(List.of(on, false))));
            Await.until("bob is told", () -> told(bob, SquelchChanged.class).size() > before);
            best = Math.min(best, (System.nanoTime() - start) / 1_000_000);
        }
        assertTrue(best <= IN_FORCE_MILLIS, best + " ms");
    }

    @Test
    void aModeratorAtTheHostSquelchesAPeerOfAnotherNode() {
        WholeNode two = node("two");
        one.cluster.rooms().claim(ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(two, "bob", BOB, "audio", "video");

        assertInForceSoon(eva, bob, one);
    }

    @Test
    void aModeratorOfAnotherNodeSquelchesAPeerAtTheHost() {
        WholeNode two = node("two");
        two.cluster.rooms().claim(ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(two, "bob", BOB, "audio", "video");

        assertInForceSoon(eva, bob, two);
    }

    @Test
    void whatWasLaidDownOutlivesAKilledHost() throws IOException {
        Process process = host();
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(one, "bob", BOB, "audio", "video");
        FakeClient friend = join(one, "x", Caller.ANONYMOUS);
        join(one, "yak", Moderators.named("yak"));
        assertEquals(0, one.service.rooms());
        done(eva, squelch(true));
        done(eva, new SetGrants(name("x"), MODERATES));
        done(eva, new Banish(name("yak"), Duration.ofHours(1), ""));
        done(eva, new Lobby(true));
        FakeClient waiting = join(one, "w", Caller.ANONYMOUS);
        done(eva, new Lock(true));
        int before = told(waiting, GrantsChanged.class).size();
        process.destroyForcibly();

        Await.until("all go on here", () -> one.service.peers() == 4);
        Await.until("w is told", () -> told(waiting, GrantsChanged.class).size() > before);
        assertTrue(lastTold(waiting, GrantsChanged.class).waiting());
        bob.offer(TestSdp.offer("wxyz", "stream-bob", "audio", "video"));
        Await.until("bob sends", () -> one.publishers().stream()
                .anyMatch(publisher -> squelched(publisher).equals(List.of(true, false))));
        done(friend, new Peers());
        assertEquals(Code.FORBIDDEN, refused(waiting, new Peers()));
        assertEquals(List.of(Code.BANNED), join(one, "other", Moderators.named("yak")).codes);
        assertEquals(List.of(Code.LOCKED), join(one, "late", Caller.ANONYMOUS).codes);
        assertNull(eva.closed);
        assertNull(bob.closed);
    }

    /** The room is at a process of its own. */
    private Process host() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostMain.class.getName(),
                        redis.url(),
                        "host")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        opened.add(process::destroyForcibly);
        List<String> printed = new CopyOnWriteArrayList<>();
        RedisNodes.daemon(() -> read(process, printed)).start();
        Await.until("the host is ready", () -> printed.contains("ready"));
        Await.until("it is seen", () -> one.cluster.registry().find("host").isPresent());
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(ROOM + "\n");
        in.flush();
        Await.until("it hosts the room", () -> printed.contains("hosts " + ROOM));
        return process;
    }

    private static void read(Process process, List<String> printed) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                printed.add(line);
            }
        } catch (IOException e) {
            printed.add(e.toString());
        }
    }
}
