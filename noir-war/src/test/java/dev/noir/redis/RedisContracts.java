package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeBusContract;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeRegistryContract;
import dev.noir.eventlog.EventBatch;
import dev.noir.eventlog.EventStore;
import dev.noir.eventlog.EventStoreContract;
import dev.noir.eventlog.LogLimits;
import dev.noir.lease.RoomDirectoryContract;
import dev.noir.room.Ban;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomPlans;
import dev.noir.room.RoomState;
import dev.noir.room.Squelches;
import dev.noir.webhook.WebhookStore;
import dev.noir.webhook.WebhookStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * All contracts on one kind of Redis installation, which is started once and emptied before each test. Each kind names them,
 * since reports are named by classes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisContracts {
    private AutoCloseable installation;
    private RedisNodes nodes;

    /** Started anew. */
    abstract AutoCloseable install();

    abstract String url();

    /** On every server that takes writes. */
    abstract List<String> askAll(String... command);

    @BeforeAll
    void installRedis() {
        installation = install();
        nodes = new RedisNodes(url());
    }

    @AfterAll
    void uninstallRedis() throws Exception {
        installation.close();
    }

    RedisNodes nodes() {
        return nodes;
    }

    @BeforeEach
    void empty() {
        askAll("FLUSHALL");
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnDirectory extends RoomDirectoryContract {
        private final Map<String, RoomDirectory> directories = new HashMap<>();

        String secret() {
            return "";
        }

        @Override
        protected RoomDirectory node(String name) {
            return directories.computeIfAbsent(name, id -> nodes.directory(id, secret()));
        }

        @Override
        protected RoomPlans plans(String name) {
            return nodes.plans(name);
        }

        @Override
        protected void forgetLeases() {
            askAll("FLUSHALL");
        }

        @Test
        void roomsWithOddNamesAreKeptApart() {
            Map<RoomId, RoomLease> leases = new HashMap<>();
            for (String name : OddRoomNamesTest.NAMES) {
                RoomId room = new RoomId(name);
                RoomLease lease = node("a").claim(room);
                leases.put(room, lease);
                assertTrue(node("a").saveState(lease, locked(name)));
            }
            assertEquals(List.of(), node("a").renewAll(leases.values()));
            leases.forEach((room, lease) -> {
                assertEquals(lease, node("b").claim(room));
                assertEquals(locked(room.value()), node("b").state(room));
                assertTrue(node("a").release(lease));
                assertEquals(Optional.empty(), node("b").find(room));
            });
        }

        private static RoomState locked(String name) {
            Ban ban = new Ban("id of " + name, "x", "", "", Instant.parse("2100-01-01T00:00:00Z"));
            return new RoomState(
                    true,
                    Optional.empty(),
                    List.of(ban),
                    Map.of(),
                    Squelches.NONE,
                    Set.of(),
                    Map.of(),
                    Optional.empty());
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnEvents extends EventStoreContract {
        private final Map<String, RedisRoomDirectory> directories = new HashMap<>();

        String secret() {
            return "";
        }

        @Override
        protected EventStore store(String node) {
            return new RedisEventStore(nodes.lookups(node), directory(node)::fence, LIMITS);
        }

        @Override
        protected RedisRoomDirectory directory(String node) {
            return directories.computeIfAbsent(node, id -> nodes.directory(id, secret()));
        }

        @Override
        protected void forgetLeases() {
            askAll("DEL", RedisKeys.lease(ROOM));
        }

        @Test
        void aRoomThatNobodyHasIsAbandonedUntilItsLogIsClosed() {
            EventStore store = store("a");
            RoomLease lease = directory("a").claim(ROOM);
            assertTrue(store.open(lease).isPresent());
            store.append(List.of(new EventBatch(lease, 0, List.of(), true, Map.of(), false)));
            assertEquals(List.of(), store.abandoned());
            forgetLeases();
            assertEquals(List.of(ROOM), store.abandoned());
            assertEquals(List.of(ROOM), store("b").abandoned());

            store.append(List.of(new EventBatch(lease, 0, List.of(), false, Map.of(), false)));
            assertEquals(List.of(), store.abandoned());
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnWebhooks extends WebhookStoreContract {
        @Override
        protected WebhookStore store(String node) {
            return new RedisWebhookStore(
                    nodes.lookups(node), "life-of-" + node, new LogLimits(100, Duration.ofHours(1)));
        }

        @Override
        protected void forgetLead() {
            askAll("DEL", RedisKeys.WEBHOOK_LEAD);
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnSignedEvents extends OnEvents {
        @Override
        String secret() {
            return "a secret of the whole cluster";
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnSignedDirectory extends OnDirectory {
        @Override
        String secret() {
            return "a secret of the whole cluster";
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnBus extends NodeBusContract {
        @Override
        protected NodeBus node(String name) {
            return nodes.start(name).bus();
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnSignedBus extends NodeBusContract {
        @Override
        protected NodeBus node(String name) {
            return nodes.start(name, "a secret of the whole cluster").bus();
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    abstract class OnRegistry extends NodeRegistryContract {
        @Override
        protected NodeRegistry node(NodeInfo described, Supplier<NodeLoad> load) {
            return nodes.start(described, load, "").registry();
        }
    }
}
