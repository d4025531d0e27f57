package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A node that does not hear knows it, says so, and hears again. */
@ResourceLock(RedisNodes.PATIENCE)
final class DeafInboxTest {
    private RedisProcess redis;
    private RedisProxy proxy;
    private RedisNodes nodes;

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        proxy = new RedisProxy(redis.port());
        nodes = new RedisNodes(proxy.url());
    }

    @AfterEach
    void stop() {
        nodes.close();
        proxy.close();
        redis.close();
    }

    private Cluster ready(String id) {
        Cluster node = nodes.start(id);
        Await.until(id + " is ready", node::isReady);
        return node;
    }

    private static List<Long> numbers(List<Envelope> envelopes) {
        return envelopes.stream().map(Envelope::request).toList();
    }

    @Test
    void aReplyThatNobodyExpectsDoesNotMakeItDeafForEver() {
        Cluster a = ready("a");
        List<Envelope> received = NodeBusContract.listen(a.bus());
        proxy.answer(RedisProxy.is("XREAD"), ":1\r\n");
        Await.until("it has met one", () -> proxy.refused() > 0);
        proxy.allow();
        assertTrue(a.bus().send(NodeBusContract.ping("a", "a", 1)));

        Await.until("it hears", () -> received.size() == 1);
    }

    @Test
    void aReaderThatIsStuckIsReplacedAndNothingIsLostOrTwice() {
        Cluster a = ready("a");
        List<Long> received = new CopyOnWriteArrayList<>();
        CountDownLatch stuck = new CountDownLatch(1);
        a.bus().listen(envelope -> {
            received.add(envelope.request());
            if (envelope.request() == 1) {
                awaitUninterruptibly(stuck);
            }
        });
        for (int i = 1; i <= 5; i++) {
            assertTrue(a.bus().send(NodeBusContract.ping("a", "a", i)));
        }
        Await.until("it says so", () -> a.trouble().orElse("").contains("has not arrived"));
        Await.until("it hears the rest", () -> received.size() == 5);
        Await.until("it is ready again", a::isReady);
        stuck.countDown();
        assertTrue(a.bus().send(NodeBusContract.ping("a", "a", 6)));

        Await.until("and what comes then", () -> received.size() >= 6);
        assertEquals(LongStream.rangeClosed(1, 6).boxed().toList(), received);
        Await.until(
                "the old one ends",
                () -> nodes.threads().stream()
                                .filter(Thread::isAlive)
                                .filter(thread -> thread.getName().equals("noir-inbox"))
                                .count()
                        == 1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStreamThatStaysSilentIsReadAnewAndHealthSaysSo() {
        Cluster a = ready("a");
        List<Envelope> received = NodeBusContract.listen(a.bus());
        int before = proxy.connections();
        proxy.answer(RedisProxy.is("XREAD"), "*-1\r\n");
        Await.until("it says so", () -> a.trouble().orElse("").contains("has not arrived"));
        Await.until("it tries anew", () -> proxy.connections() > before);
        assertTrue(a.registry().isConnected());
        proxy.allow();
        assertTrue(a.bus().send(NodeBusContract.ping("a", "a", 1)));

        Await.until("it hears", () -> received.size() == 1);
        Await.until("it is ready again", a::isReady);
    }

    @Test
    void theMiddleOfABatchThatRedisRefusesArrivesInItsPlace() {
        Cluster a = ready("a");
        Cluster b = ready("b");
        List<Envelope> received = NodeBusContract.listen(b.bus());
        AtomicInteger seen = new AtomicInteger();
        proxy.hold(command -> RedisProxy.runs(LuaScript.SEND).test(command)
                && command.get(3).startsWith("noir/node/{b}")
                && seen.getAndIncrement() == 0);
        assertTrue(a.bus().send(NodeBusContract.ping("a", "b", 0)));
        Await.until("the first is on its way", () -> seen.get() > 0);
        AtomicInteger sends = new AtomicInteger();
        // Whatever goes out next: not the first of it, the second, once.
        proxy.refuse(
                command -> RedisProxy.runs(LuaScript.SEND).test(command)
                        && command.get(3).startsWith("noir/node/{b}")
                        && sends.incrementAndGet() == 3,
                "OOM command not allowed when used memory > 'maxmemory'.");
        for (int i = 1; i < 400; i++) {
            assertTrue(a.bus().send(NodeBusContract.ping("a", "b", i)));
        }
        proxy.release();

        Await.until("all arrive", () -> received.size() >= 400);
        assertEquals(1, proxy.refused());
        assertEquals(LongStream.range(0, 400).boxed().toList(), numbers(received));
        assertEquals(0, b.counters().repeated());
    }
}
