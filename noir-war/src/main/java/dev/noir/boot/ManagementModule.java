package dev.noir.boot;

import dev.noir.admin.Administrators;
import dev.noir.admin.ClusterView;
import dev.noir.admin.Commands;
import dev.noir.admin.JobKind;
import dev.noir.admin.NodeCalls;
import dev.noir.admin.RpcDoor;
import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeRegistry;
import dev.noir.config.NoirConfig;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.FollowedLog;
import dev.noir.grpc.NoirAdmin;
import dev.noir.grpc.NoirMail;
import dev.noir.history.History;
import dev.noir.recording.Recordings;
import dev.noir.redis.Cluster;
import dev.noir.redis.RequestList;
import dev.noir.room.Projector;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.Management;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.SignalServer;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;

/** Beans of management: the commands of {@code admin}, and their doors. Thread: the server's deployer. */
@Dependent
final class ManagementModule {
    @Produces
    @Singleton
    Commands commands(
            NoirConfig config,
            Cluster cluster,
            NodeRegistry registry,
            RoutedRooms routes,
            NodeDrain drain,
            FollowedLog events,
            History history,
            Instance<JobKind> jobKinds,
            RecordingModule.Both recording,
            Projector projector,
            ContainerThreads threads,
            Scheduler scheduler,
            Parts parts) {
        return commands(
                config,
                cluster,
                registry,
                routes,
                drain,
                events,
                history,
                jobKinds.stream().toList(),
                recording.recordings(),
                projector,
                threads,
                scheduler,
                parts);
    }

    /** Other nodes are answered from now on. */
    static Commands commands(
            NoirConfig config,
            Cluster cluster,
            NodeRegistry registry,
            RoutedRooms routes,
            NodeDrain drain,
            EventLog events,
            History history,
            Collection<JobKind> jobKinds,
            Recordings recordings,
            Projector projector,
            ContainerThreads threads,
            Scheduler scheduler,
            Parts parts) {
        ClusterView view = new ClusterNodes(registry, routes.questions());
        NodeCalls calls = new NodeCalls(view);
        Commands commands = parts.add(
                "management",
                new Commands(
                        new Commands.Parts(
                                view,
                                calls,
                                drain,
                                routes.api(),
                                cluster.plans(),
                                cluster.rooms(),
                                RoomModule.defaults(config),
                                events,
                                history,
                                jobKinds,
                                recordings,
                                projector),
                        scheduler,
                        threads.tasks(),
                        Clock.systemUTC(),
                        new SecureRandom()));
        routes.questions().answerWith(calls::answer);
        return commands;
    }

    @Produces
    @Singleton
    RpcDoor door(Commands commands) {
        return new RpcDoor(commands);
    }

    @Produces
    @Singleton
    ManagementSockets sockets(ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return parts.add("management sockets", new ManagementSockets(scheduler, threads.tasks()));
    }

    @Produces
    @Singleton
    NoirAdmin noirAdmin(
            Instance<RpcDoor> commands, // They are made after gRPC.
            Administrators administrators,
            SignalServer signal,
            ManagementSockets sockets) {
        return new NoirAdmin(commands::get, administrators, signal, sockets, Clock.systemUTC());
    }

    @Produces
    @Singleton
    Management management(Administrators administrators, RpcDoor door, NoirAdmin noir) {
        return (request, response) ->
                administrators.enter(request, response).map(entered -> new RpcTalk(entered, door, noir));
    }

    /** Requests in Redis, if they are to be taken. */
    @Produces
    @Singleton
    NoirMail mail(NoirConfig config, Cluster cluster, NoirAdmin noir, ContainerThreads threads) {
        NoirMail mail = new NoirMail(noir, new KeySeal(new ClusterKey(config.clusterSecret())));
        if (config.admin().redis()) {
            cluster.requests()
                    .ifPresent(requests -> requests.serve(
                            (request, once) -> mail.answer(request, once::isFirst)
                                    .thenApply(letter ->
                                            letter.map(sent -> new RequestList.Reply(sent.name(), sent.message()))),
                            threads.tasks()));
        }
        return mail;
    }

    private record KeySeal(ClusterKey key) implements NoirMail.Seal {
        @Override
        public boolean signs() {
            return key.signs();
        }

        @Override
        public String sign(String kind, byte[] message) {
            return key.sign(kind, message);
        }

        @Override
        public boolean isGenuine(String claimed, String kind, byte[] message) {
            return key.isGenuine(claimed, kind, message);
        }
    }
}
