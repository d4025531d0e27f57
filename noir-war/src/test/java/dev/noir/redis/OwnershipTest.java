package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeRegistryContract;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.FakeScheduler;
import dev.noir.room.Interleaving;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes that claim rooms while Redis loses all it holds, its clock is set, nodes come, and somebody writes to it who has no secret:
 * who hosts a room keeps it, and nobody who lives is held to be gone. A seed says who is faster where.
 */
final class OwnershipTest {
    private static final ClusterTimes TIMES = ClusterTimes.DEFAULT;
    private static final int SEEDS = 24;
    private static final int STEPS = 400;
    private static final int ROOMS = 4;
    private static final String SECRET = "a secret of the whole cluster";

    /** One cluster with its time, its Redis and what has happened. */
    private static final class World {
        final long seed;
        final Random random;
        final Interleaving threads;
        final FakeScheduler time = new FakeScheduler();

        /** Who looks at the time may be interrupted there. */
        final Scheduler interruptible = new Scheduler() {
            @Override
            public long nanoTime() {
                threads.point();
                return time.nanoTime();
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                throw new UnsupportedOperationException("the cluster sets no timers");
            }
        };

        final FakeRedis redis;
        final String secret;
        final List<Node> nodes = new ArrayList<>();
        final List<String> wrong = new ArrayList<>();
        final List<String> story = new ArrayList<>();
        final Map<RoomId, Node> owners = new HashMap<>();
        boolean hostile;
        boolean suppressed; // Heartbeats may be deleted as fast as they come.
        long redisOffsetMillis = 1_700_000_000_000L;
        int born;

        World(long seed, String secret) {
            this.seed = seed;
            this.secret = secret;
            random = new Random(seed);
            threads = new Interleaving(seed);
            redis = new FakeRedis(() -> redisOffsetMillis + time.nanoTime() / 1_000_000);
            redis.beforeAny = () -> {
                threads.point();
                time.advance(Duration.ofMillis(random.nextInt(3)));
            };
        }

        void tell(String what) {
            story.add(time.nanoTime() / 1_000_000 + " " + what);
            if (wrong.isEmpty() && story.size() > 40) {
                story.remove(0);
            }
        }

        void isWrong(String what) {
            tell(what);
            wrong.add(what);
        }

        Node born() {
            Node node = new Node(this, "n" + born++);
            nodes.add(node);
            return node;
        }

        Node any() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        /** A moment in which everybody does something, in whatever order. */
        void step(int millis) {
            time.advance(Duration.ofMillis(millis));
            nodes.forEach(node -> threads.execute(node::turnWhenDue));
            Node claimant = any();
            RoomId room = new RoomId("r" + random.nextInt(ROOMS));
            threads.execute(() -> claimant.claim(room));
            threads.runAll();
        }

        void settle() {
            for (int i = 0; i < 50; i++) {
                time.advance(Duration.ofMillis(200));
                nodes.forEach(node -> threads.execute(node::turnWhenDue));
                threads.runAll();
            }
        }

        void check() {
            for (RoomId room : owners.keySet()) {
                List<String> hosts = nodes.stream()
                        .filter(node -> node.hosted.contains(room))
                        .map(node -> node.id)
                        .toList();
                if (!hosts.equals(List.of(owners.get(room).id))) {
                    isWrong(room + " is at " + hosts + ", not at " + owners.get(room).id);
                }
            }
            assertEquals(
                    List.of(),
                    wrong,
                    () -> "seed " + seed + ":\n" + String.join("\n", story.subList(0, Math.min(60, story.size())))
                            + "\n");
        }
    }

    /** One node, without its threads. */
    private static final class Node {
        final World world;
        final String id;
        final RedisNodeRegistry registry;
        final LeaseKeeper rooms;
        final Set<RoomId> hosted = new HashSet<>();
        private long dueNanos;
        private boolean inTurn;
        boolean left;

        Node(World world, String id) {
            this.world = world;
            this.id = id;
            String life = "life" + world.random.nextInt(1_000_000_000);
            ClusterKey key = new ClusterKey(world.secret);
            registry = new RedisNodeRegistry(
                    NodeRegistryContract.info(id),
                    life,
                    () -> NodeLoad.NONE,
                    world.redis,
                    world.redis,
                    key,
                    world.interruptible,
                    TIMES,
                    new Heartbeat());
            rooms = new LeaseKeeper(new RedisRoomDirectory(
                    id,
                    life,
                    world.redis,
                    world.redis,
                    registry,
                    new LeaseSeal(key),
                    true,
                    world.interruptible,
                    TIMES));
            rooms.onLost(this::lost);
            registry.addListener(new NodeRegistry.Listener() {
                @Override
                public void nodeGone(String gone) {
                    goneIs(gone);
                }
            });
        }

        void turnWhenDue() {
            if (!left && !inTurn && world.time.nanoTime() - dueNanos >= 0) {
                inTurn = true;
                rooms.renew();
                registry.beat();
                // A busy machine is late.
                dueNanos = world.time.nanoTime()
                        + Duration.ofMillis(1000 + world.random.nextInt(200)).toNanos();
                inTurn = false;
            }
        }

        void claim(RoomId room) {
            if (left || hosted.contains(room)) {
                return;
            }
            try {
                RoomLease lease = rooms.claim(room);
                Node owner = world.owners.get(room);
                if (lease.node().equals(id)) {
                    hosted.add(room);
                    world.tell(id + " has " + room);
                    if (owner == null || owner.left) {
                        world.owners.put(room, this);
                    } else if (owner != this && !world.hostile) {
                        world.isWrong(id + " took " + room + " from " + owner.id);
                    }
                }
            } catch (RoomException e) {
                world.tell(id + " is refused " + room + ": " + e.getCause());
            }
        }

        void leave() {
            left = true;
            rooms.releaseAll();
            registry.leave();
            hosted.forEach(room -> world.owners.remove(room));
            hosted.clear();
        }

        private void lost(RoomLease lease) {
            hosted.remove(lease.room());
            if (world.owners.get(lease.room()) == this) {
                world.isWrong(id + " lost " + lease.room());
            }
        }

        private void goneIs(String gone) {
            if (!world.suppressed && world.nodes.stream().anyMatch(node -> node.id.equals(gone) && !node.left)) {
                world.isWrong(id + " holds " + gone + " to be gone");
            }
        }
    }

    private static World started(long seed, String secret, int nodes) {
        World world = new World(seed, secret);
        for (int i = 0; i < nodes; i++) {
            world.born();
        }
        for (int i = 0; i < 60; i++) {
            world.step(100);
        }
        assertNotEquals(0, world.owners.size());
        return world;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", SECRET})
    void aRedisThatLosesAllTakesNoRoomAndNoNode(String secret) {
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = started(seed, secret, 3);
            int quiet = 0;
            for (int i = 0; i < STEPS; i++) {
                if (--quiet < 0 && world.random.nextInt(20) == 0) {
                    quiet = 40;
                    world.threads.execute(() -> {
                        world.tell("FLUSHALL");
                        world.redis.ask("FLUSHALL");
                    });
                }
                world.step(20 + world.random.nextInt(100));
            }
            world.settle();
            world.check();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {700, 1_200, 2_500, 10_000, 100_000_000, -700, -2_500, -100_000_000})
    void aClockOfRedisThatIsSetTakesNoRoomAndNoNode(int stepMillis) {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            World world = started(seed, SECRET, 3);
            int quiet = 0;
            for (int i = 0; i < STEPS; i++) {
                if (--quiet < 0 && world.random.nextInt(20) == 0) {
                    quiet = 40;
                    world.threads.execute(() -> {
                        world.tell("the clock is set");
                        world.redisOffsetMillis += stepMillis;
                    });
                }
                world.step(20 + world.random.nextInt(100));
            }
            world.settle();
            world.check();
            assertTrue(world.nodes.stream().allMatch(node -> node.registry.isSettled()), "rooms can be opened again");
        }
    }

    /** A rolling update: who has just come has rooms before others have heard of it. */
    @ParameterizedTest
    @ValueSource(strings = {"", SECRET})
    void whoHasJustComeKeepsItsRooms(String secret) {
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = started(seed, secret, 3);
            int quiet = 0;
            for (int i = 0; i < STEPS; i++) {
                if (--quiet < 0 && world.random.nextInt(10) == 0) {
                    quiet = 10;
                    Node leaving = world.any();
                    if (!leaving.inTurn) {
                        leaving.leave();
                        world.nodes.remove(leaving);
                        Node next = world.born();
                        next.turnWhenDue();
                        for (int room = 0; room < ROOMS; room++) {
                            next.claim(new RoomId("r" + room));
                        }
                    }
                }
                world.step(20 + world.random.nextInt(100));
            }
            world.settle();
            world.check();
        }
    }

    @Test
    void aFormerLifeThatIsPutBackIsNotBelieved() {
        World world = new World(1, SECRET);
        Node former = new Node(world, "b");
        former.turnWhenDue();
        String record = world.redis.values(RedisKeys.NODE_INFO).get("b");
        world.time.advance(TIMES.leaseTtl().multipliedBy(2));
        Node viewer = world.born();
        Node present = new Node(world, "b");
        world.nodes.add(present);
        world.settle();
        Optional<String> life = viewer.registry.life("b");
        assertEquals(present.registry.life("b"), life);
        world.redis.ask("HSET", RedisKeys.NODE_INFO, "b", record);
        viewer.dueNanos = world.time.nanoTime();
        viewer.turnWhenDue();
        assertEquals(life, viewer.registry.life("b"));
        world.settle();

        assertEquals(life, viewer.registry.life("b"));
        assertTrue(present.registry.isConnected());
        world.check();
    }

    /** Deletes, makes up, swaps, and puts back what once stood there. */
    private static final class Writer {
        private final World world;
        private final Map<String, List<Map<String, String>>> seen = new HashMap<>();

        Writer(World world) {
            this.world = world;
        }

        void look() {
            for (String key : world.redis.keys()) {
                seen.computeIfAbsent(key, name -> new ArrayList<>()).add(world.redis.values(key));
            }
        }

        private <T> T one(List<T> of) {
            return of.get(world.random.nextInt(of.size()));
        }

        void write() {
            String key = one(List.copyOf(seen.keySet()));
            String from = one(List.copyOf(seen.keySet()));
            Map<String, String> old = one(seen.get(from));
            world.tell("written: " + key + " or " + from);
            boolean single = old.containsKey("");
            switch (world.random.nextInt(4)) {
                case 0 -> world.redis.ask("DEL", key);
                case 1 -> {
                    if (single) {
                        world.redis.ask("SET", from, old.get(""));
                    } else {
                        old.forEach((field, value) -> put(from, field, value));
                    }
                }
                case 2 -> {
                    if (key.endsWith("/lease")) {
                        world.redis.ask("SET", key, "9007199254740000 n1 life1 0 " + "0".repeat(64));
                    } else if (key.endsWith("/epoch")) {
                        world.redis.ask("SET", key, "9007199254740000");
                    } else if (key.equals(RedisKeys.NODE_INFO)) {
                        world.redis.ask("HSET", key, "n1", "life1 {\"state\":\"DRAINING\",\"beat\":99,\"left\":true}");
                    }
                }
                default -> {
                    if (single && (key.endsWith("/lease") || key.endsWith("/epoch"))) {
                        world.redis.ask("SET", key, old.get("")); // Of another room, or another thing altogether.
                    } else if (from.equals(RedisKeys.NODE_INFO)) {
                        world.redis.ask("HSET", from, world.any().id, one(List.copyOf(old.values())));
                    }
                }
            }
        }

        private void put(String key, String field, String value) {
            if (key.equals(RedisKeys.NODE_INFO)) {
                world.redis.ask("HSET", key, field, value);
            } else {
                world.redis.ask("ZADD", key, value, field);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasNoSecretCanNeitherEndNorTakeARoomNorANode(boolean often) {
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = started(seed, SECRET, 4);
            Writer writer = new Writer(world);
            world.hostile = true;
            world.suppressed = often;
            for (int i = 0; i < STEPS; i++) {
                writer.look();
                if (often || world.random.nextInt(20) == 0) {
                    world.threads.execute(writer::write);
                }
                world.step(20 + world.random.nextInt(100));
            }
            world.settle();
            world.check();
        }
    }
}
