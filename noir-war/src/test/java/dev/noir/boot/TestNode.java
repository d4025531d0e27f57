package dev.noir.boot;

import dev.noir.admin.AdminToken;
import dev.noir.admin.Administrators;
import dev.noir.admin.Commands;
import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.auth.AuthMode;
import dev.noir.auth.Identification;
import dev.noir.auth.Logins;
import dev.noir.auth.OwnTokens;
import dev.noir.config.NoirConfig;
import dev.noir.eventlog.AbandonedRooms;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.FollowedLog;
import dev.noir.eventlog.LogLimits;
import dev.noir.eventlog.MemoryEventStore;
import dev.noir.flight.FlightLog;
import dev.noir.grpc.NoirAdmin;
import dev.noir.grpc.NoirMail;
import dev.noir.history.History;
import dev.noir.lease.LeaseKeeper;
import dev.noir.redis.Cluster;
import dev.noir.room.Projector;
import dev.noir.room.RoomAccess;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.signal.SignalServer;
import dev.noir.whip.Sessions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A whole node without a container: every module's beans, made by hand in the order that CDI finds by itself. */
final class TestNode implements AutoCloseable {
    final Parts parts = new Parts();
    final Health health = new AdminModule().health();
    final Metrics metrics = new AdminModule().metrics();
    final RoutedRooms routes;
    final RoomService rooms;
    final NodeDrain drain;
    final NativeMediaPlane media;

    TestNode(Map<String, String> settings, ContainerThreads threads, RoomEvents events) {
        parts.add("threads", threads);
        try {
            NoirConfig config = NoirConfig.load(key -> Optional.ofNullable(settings.get(key)));
            Scheduler scheduler = new ThreadModule().scheduler(threads, parts);
            NodeId id = new MediaModule().id(config);
            media = new MediaModule().media(config, id, threads, scheduler, health, parts);
            LoadMeter load = new MediaModule().load(config, media, scheduler, parts);
            Cluster cluster = new ClusterModule().cluster(config, id, load, threads, scheduler, health, metrics, parts);
            AccessModule accesses = new AccessModule();
            PolicyWatch policies = accesses.policies(config, threads, scheduler, parts);
            RoomAccess access = accesses.roomAccess(
                    config,
                    accesses.entrance(config, policies, accesses.quotas(config, scheduler)),
                    accesses.invitations(config));
            History history = new HistoryModule().history(config, scheduler, parts);
            LoopMetrics loops = new MonitoringModule().loops(media, metrics, FlightLog.NONE, scheduler);
            RoomModule module = new RoomModule();
            LeaseKeeper leases = cluster.rooms();
            RecordingModule.Both recording = new RecordingModule().both(config, id, threads, scheduler, metrics, parts);
            Projector none = Projector.NONE;
            rooms = module.rooms(
                    config, media, loops, load, leases, events, history, access, recording, none, threads, scheduler,
                    metrics, parts);
            routes = routes(config, rooms, cluster, accesses, policies, threads, scheduler, metrics, parts);
            SignalServer signal =
                    new SignalModule().signal(config, accesses.quotas(config, scheduler), routes, threads, scheduler);
            NoirAdmin admin = nobody(signal, threads, scheduler, parts);
            NativeGrpc grpc = new GrpcModule().grpc(config, signal, admin, anybody(scheduler), threads, health, parts);
            drain = new AdminModule()
                    .drain(config, rooms, routes, cluster.registry(), signal, scheduler, health, history, grpc, parts);
            AbandonedRooms abandoned = new EventModule()
                    .abandoned(
                            cluster.events(new LogLimits(100, Duration.ofHours(1))), rooms, threads, scheduler, parts);
            Commands commands = ManagementModule.commands(
                    config,
                    cluster,
                    cluster.registry(),
                    routes,
                    drain,
                    log(threads, scheduler),
                    history,
                    List.of(),
                    recording.recordings(),
                    none,
                    threads,
                    scheduler,
                    parts);
            Sessions sessions = new WhipModule()
                    .sessions(config, accesses.quotas(config, scheduler), routes, cluster.registry(), metrics, parts);
            ManagementBean bean = new MonitoringModule().managementBean(id, metrics, parts);
            NoirMail mail = new ManagementModule().mail(config, cluster, admin, threads);
            new NodeModule()
                    .node(cluster, abandoned, drain, commands, mail, sessions, grpc, bean, health, parts)
                    .start();
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    /** Nobody administrates here. */
    private static NoirAdmin nobody(SignalServer signal, ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return new NoirAdmin(
                () -> {
                    throw new IllegalStateException("nobody gives commands here");
                },
                new Administrators(new AdminToken(""), caller -> false, (origin, host) -> false),
                signal,
                new ManagementModule().sockets(threads, scheduler, parts),
                Clock.systemUTC());
    }

    private static RoutedRooms routes(
            NoirConfig config,
            RoomService rooms,
            Cluster cluster,
            AccessModule accesses,
            PolicyWatch policies,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        return new RouteModule()
                .routes(
                        config,
                        rooms,
                        cluster.rooms(),
                        cluster.registry(),
                        cluster.bus(),
                        accesses.passwords(policies, cluster.rooms(), accesses.invitations(config), scheduler),
                        threads,
                        scheduler,
                        metrics,
                        FlightLog.NONE,
                        new MonitoringModule().spans(),
                        parts);
    }

    private static Identification anybody(Scheduler scheduler) {
        return new Identification(
                new Identification.Rules(
                        AuthMode.OPEN, Set::of, request -> "", null, new OwnTokens(() -> 0, new SecureRandom())),
                new Logins(),
                Clock.systemUTC(),
                scheduler);
    }

    private static EventLog log(ContainerThreads threads, Scheduler scheduler) {
        return new FollowedLog(
                new MemoryEventStore(new LogLimits(10, Duration.ofHours(1)), scheduler::nanoTime),
                threads.tasks(),
                scheduler);
    }

    @Override
    public void close() {
        parts.close();
    }
}
