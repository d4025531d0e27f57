package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;

/** Every word with which Redis refuses while its connections stay up, on every path: as if it were away, and nothing worse. */
@Tag("cluster")
@Isolated // It reads what is logged.
final class RedisWordsTest {
    private static final List<String> WORDS = List.of(
            "READONLY You can't write against a read only replica.",
            "LOADING Redis is loading the dataset in memory",
            "OOM command not allowed when used memory > 'maxmemory'.",
            "NOAUTH Authentication required.",
            "NOPERM this user has no permissions to run the command",
            "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
            "CLUSTERDOWN The cluster is down",
            "MOVED 3999 127.0.0.1:6381",
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
            "ERR max number of clients reached");
    private static final RoomId ROOM = new RoomId("room");

    private RedisProcess redis;
    private RedisProxy proxy;
    private RedisNodes nodes;
    private Cluster a;
    private Cluster b;
    private Watch watchA;
    private Watch watchB;
    private RoomLease lease;
    private final List<RoomLease> lost = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        proxy = new RedisProxy(redis.port());
        // Only a hears the words.
        nodes = new RedisNodes(redis.url());
        a = nodes.startAt("a", proxy.url());
        b = nodes.start("b");
        Await.until("both are ready", () -> a.isReady() && b.isReady());
        lease = a.rooms().claim(ROOM);
        a.rooms().onLost(lost::add);
        watchA = Watch.on(a);
        watchB = Watch.on(b);
    }

    @AfterEach
    void stop() {
        nodes.close();
        proxy.close();
        redis.close();
    }

    private static String code(String words) {
        return words.substring(0, words.indexOf(' '));
    }

    private void awaitTrouble(String words) {
        Await.until("it says " + code(words), () -> a.trouble().orElse("").contains(code(words)));
    }

    private void assertNothingWasLost() {
        Await.until("both are ready again", () -> a.isReady() && b.isReady());
        assertEquals(List.of(), lost);
        assertEquals(lease, b.rooms().claim(ROOM));
        assertEquals(lease, a.rooms().claim(ROOM));
        assertTrue(watchA.told().stream().noneMatch(told -> told.startsWith("gone")), () -> watchA.told()
                .toString());
    }

    private static Predicate<List<String>> met(Predicate<List<String>> commands, AtomicBoolean met) {
        return commands.and(command -> {
            met.set(true);
            return true;
        });
    }

    private static void assertUnavailable(Executable question) {
        assertEquals(
                RoomException.Code.UNAVAILABLE,
                assertThrows(RoomException.class, question).code());
    }

    private static void assertWorksSoon(String what, Runnable question) {
        Await.until(what, () -> {
            try {
                question.run();
                return true;
            } catch (RoomException e) {
                return false;
            }
        });
    }

    @Test
    void asAnswersToTheHeartbeat() {
        for (Predicate<List<String>> path :
                List.of(RedisProxy.runs(LuaScript.HEARTBEAT), RedisProxy.runs(LuaScript.INBOX))) {
            WORDS.forEach(words -> {
                proxy.refuse(path, words);
                awaitTrouble(words);
            });
            allowAndAwaitBack();
        }
        proxy.refuse(command -> true, "ERR max number of clients reached");
        Await.until("it is lost", () -> lastTold().equals("lost"));
        allowAndAwaitBack();

        assertNothingWasLost();
        assertOnlyLostAndBack();
    }

    /** However often: it may be back for a moment between two of the words. */
    private void assertOnlyLostAndBack() {
        List<String> told = watchA.told();
        for (int i = 0; i < told.size(); i += 2) {
            assertEquals(List.of("lost", "back"), told.subList(i, Math.min(i + 2, told.size())), told::toString);
        }
    }

    private void allowAndAwaitBack() {
        proxy.allow();
        Await.until("it is back", () -> a.isReady() && lastTold().equals("back"));
    }

    private String lastTold() {
        List<String> told = watchA.told();
        return told.get(told.size() - 1);
    }

    @Test
    void asAnswersToRenewalsAndReleases() {
        RoomLease ended = a.rooms().claim(new RoomId("ended"));
        WORDS.forEach(words -> {
            proxy.refuse(
                    RedisProxy.runs(LuaScript.RENEW)
                            .or(RedisProxy.runs(LuaScript.REASSERT))
                            .or(RedisProxy.runs(LuaScript.RELEASE)),
                    words);
            awaitTrouble(words);
            assertUnavailable(() -> a.rooms().release(ended));
        });
        proxy.allow();

        assertNothingWasLost();
        assertEquals(List.of("lost", "back"), watchA.told());
        assertEquals(List.of(), watchB.told().stream().filter("gone a"::equals).toList());
    }

    @Test
    void asAnswersToLookupsAndStates() {
        RoomId other = new RoomId("other");
        for (String words : WORDS) {
            for (LuaScript script : List.of(LuaScript.CLAIM, LuaScript.STATE)) {
                proxy.refuse(RedisProxy.runs(script), words);
                assertUnavailable(() -> {
                    if (script.equals(LuaScript.CLAIM)) {
                        a.rooms().claim(other);
                    } else {
                        a.rooms().saveState(lease, RoomState.NONE);
                    }
                });
                proxy.allow();
                assertWorksSoon(
                        "rooms are found after " + words, () -> a.rooms().find(new RoomId("nobody's")));
            }
            proxy.refuse(RedisProxy.is("GET"), words);
            assertUnavailable(() -> a.rooms().find(other));
            assertUnavailable(() -> a.rooms().state(other));
            awaitTrouble(words);
            proxy.allow();
            assertWorksSoon("states are read after " + words, () -> a.rooms().state(other));
        }

        assertTrue(a.rooms().saveState(lease, RoomState.NONE));
        assertNothingWasLost();
        assertEquals(List.of(), watchA.told());
        assertEquals(List.of(), watchB.told());
    }

    @Test
    void asAnswersToTheInboxAndTheOutbox() {
        List<Envelope> toA = NodeBusContract.listen(a.bus());
        List<Envelope> toB = NodeBusContract.listen(b.bus());
        for (String words : WORDS) {
            int sent = toA.size();
            AtomicBoolean read = new AtomicBoolean();
            AtomicBoolean written = new AtomicBoolean();
            proxy.refuse(met(RedisProxy.is("XREAD"), read).or(met(RedisProxy.runs(LuaScript.SEND), written)), words);
            assertTrue(a.bus().send(NodeBusContract.ping("a", "b", sent)));
            assertTrue(b.bus().send(NodeBusContract.ping("b", "a", sent)));
            Await.until("both meet " + words, () -> read.get() && written.get());
            proxy.allow();
            Await.until("both arrive", () -> toA.size() > sent && toB.size() > sent);
        }
        int count = WORDS.size();
        proxy.refuse(RedisProxy.runs(LuaScript.SEND), WORDS.get(0));
        awaitTrouble(WORDS.get(0));
        proxy.allow();
        Await.until("it writes again", a::isReady);
        proxy.refuse(RedisProxy.is("XREAD"), WORDS.get(1));
        awaitTrouble(WORDS.get(1));
        proxy.allow();

        List<Long> expected = LongStream.range(0, count).boxed().toList();
        assertEquals(expected, toA.stream().map(Envelope::request).toList());
        assertEquals(expected, toB.stream().map(Envelope::request).toList());
        assertNothingWasLost();
        assertEquals(List.of(), watchA.told());
        assertEquals(List.of(), watchB.told());
    }

    @Test
    void itIsNeitherAskedNorWrittenAboutWithoutEnd() throws InterruptedException {
        List<LogRecord> written = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public synchronized void publish(LogRecord entry) { // From all threads.
                written.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.noir.redis");
        logger.addHandler(handler);
        try {
            proxy.refuse(command -> true, "LOADING Redis is loading the dataset in memory");
            TimeUnit.MILLISECONDS.sleep(1500);
            int asked = proxy.refused();
            // A beat has half of 100 ms here, and a few commands.
            assertTrue(asked < 400, () -> asked + " questions");
            assertTrue(written.size() < 10, () -> written.size() + " lines");
        } finally {
            logger.removeHandler(handler);
        }
        proxy.allow();
        assertNothingWasLost();
    }

    @Test
    void whatIsSaidMeanwhileDoesNotMakeTheOutboxAskMore() throws InterruptedException {
        proxy.refuse(RedisProxy.runs(LuaScript.SEND), WORDS.get(2));
        for (int i = 0; i < 200; i++) {
            assertTrue(a.bus().send(NodeBusContract.ping("a", "b", i)));
            TimeUnit.MILLISECONDS.sleep(5);
        }
        // After 100, 200, 400 and 800 ms; the machine may be slow.
        assertTrue(proxy.refused() < 20, () -> proxy.refused() + " questions");
        proxy.allow();
        assertNothingWasLost();
    }

    @Test
    void whatANodeCanLiveWithoutMayBeRefused() {
        proxy.refuse(RedisProxy.is("SCAN").or(RedisProxy.is("DEL")), WORDS.get(4));
        Await.until("it has met that", () -> proxy.refused() > 0);
        b.close();
        Await.until("it knows", () -> a.registry().find("b").isEmpty());

        assertEquals(List.of("gone b"), watchA.told());
        assertEquals(Optional.empty(), a.trouble());
    }

    @Test
    void scriptsThatAreForgottenAreBroughtAgain() {
        List<Envelope> toB = NodeBusContract.listen(b.bus());
        for (int i = 0; i < 5; i++) {
            redis.ask("SCRIPT", "FLUSH");
            assertEquals("a", a.rooms().claim(new RoomId("room " + i)).node());
            assertTrue(a.bus().send(NodeBusContract.ping("a", "b", i)));
            int sent = i + 1;
            Await.until("it arrives", () -> toB.size() == sent);
        }

        assertNothingWasLost();
        assertEquals(List.of(), watchA.told());
    }
}
