package dev.noir.redis;

import dev.noir.access.OpenEntrance;
import dev.noir.access.Passwords;
import dev.noir.access.TakenName;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.RoomAccess;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.room.TransportRole;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.JsonApiMessages;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A node with all that it has in front of its media plane, over a real Redis, in real time. */
final class WholeNode implements AutoCloseable {
    final FakeMediaPlane media = new FakeMediaPlane();
    final Cluster cluster;
    final RoomService service;
    final RoutedRooms rooms;
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(4, RedisNodes::daemon);

    private final Scheduler time = new Scheduler() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            var future = threads.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }
    };

    WholeNode(RedisNodes nodes, String id) {
        cluster = nodes.start(id);
        SecureRandom random = new SecureRandom();
        service = new RoomService(
                RoomOptions.DEFAULT,
                RoomLimits.DEFAULT,
                cluster.rooms(),
                media,
                new JsonApiMessages(),
                time,
                threads,
                random,
                new RoomAccess(new OpenEntrance(), TakenName.REPLACE, Clock.systemUTC()));
        cluster.rooms().onLost(service::leaseLost);
        rooms = new RoutedRooms(
                service,
                cluster.rooms(),
                cluster.registry(),
                cluster.bus(),
                time,
                threads,
                random,
                Passwords.NONE,
                true);
        rooms.start();
    }

    FakeClient client() {
        return new FakeClient(rooms);
    }

    /** The publishers' connections of all rooms here. */
    List<FakeTransport> publishers() {
        return media.rooms.stream()
                .flatMap(room -> room.transports.stream())
                .filter(transport -> !transport.closed && transport.role == TransportRole.PUBLISHER)
                .toList();
    }

    @Override
    public void close() {
        rooms.close();
        threads.shutdownNow();
    }
}
