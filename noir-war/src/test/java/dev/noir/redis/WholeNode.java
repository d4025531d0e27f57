package dev.noir.redis;

import dev.noir.access.Invitations;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Passwords;
import dev.noir.access.TakenName;
import dev.noir.eventlog.AbandonedRooms;
import dev.noir.eventlog.EventWriter;
import dev.noir.eventlog.FollowedLog;
import dev.noir.eventlog.LogLimits;
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
import dev.noir.webhook.HttpWebhookSender;
import dev.noir.webhook.Signature;
import dev.noir.webhook.Webhook;
import dev.noir.webhook.WebhookDispatcher;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A node with all that it has in front of its media plane, over a real Redis, in real time. */
final class WholeNode implements AutoCloseable {
    static final Signature SIGNATURE = new Signature(List.of("whsec_" + "A".repeat(32)));

    private static final LogLimits LIMITS = new LogLimits(10_000, Duration.ofHours(1));

    // Longer than a client takes to come along to the next host.
    private static final EventWriter.Times TIMES = new EventWriter.Times(Duration.ofSeconds(3), Duration.ofMinutes(10));

    final FakeMediaPlane media = new FakeMediaPlane();
    final Cluster cluster;
    final RoomService service;
    final RoutedRooms rooms;
    final Cluster.EventStores stores;
    final FollowedLog followed;
    private final EventWriter events;
    private final WebhookDispatcher dispatcher;
    private final AbandonedRooms abandoned;
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
        this(nodes, id, List.of());
    }

    /** @param webhooks are told of all rooms of the cluster */
    WholeNode(RedisNodes nodes, String id, List<URI> webhooks) {
        cluster = nodes.start(id);
        SecureRandom random = new SecureRandom();
        stores = cluster.events(LIMITS);
        dispatcher = new WebhookDispatcher(
                webhooks.stream()
                        .map(url -> new Webhook(url, SIGNATURE, Set.of()))
                        .toList(),
                stores.log(),
                stores.webhooks(),
                new HttpWebhookSender(threads, time, Duration.ofSeconds(2)),
                time,
                Clock.systemUTC(),
                random,
                LIMITS.keep());
        followed = new FollowedLog(stores.log(), threads, time);
        events = new EventWriter(
                stores.log(), cluster.rooms()::kept, dispatcher::written, time, Clock.systemUTC(), TIMES);
        RedisNodes.daemon(events).start();
        RedisNodes.daemon(dispatcher).start();
        service = new RoomService(
                RoomOptions.DEFAULT,
                RoomLimits.DEFAULT,
                cluster.rooms(),
                media,
                new JsonApiMessages(),
                events,
                time,
                threads,
                random,
                new RoomAccess(
                        new OpenEntrance(),
                        TakenName.REPLACE,
                        new Invitations(new byte[] {1}, Clock.systemUTC()),
                        Clock.systemUTC()));
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
        abandoned = new AbandonedRooms(stores.log(), service::settle, threads, time, Duration.ofSeconds(3));
        abandoned.start();
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
        abandoned.close();
        followed.close();
        rooms.close();
        events.close();
        dispatcher.close();
        threads.shutdownNow();
    }
}
