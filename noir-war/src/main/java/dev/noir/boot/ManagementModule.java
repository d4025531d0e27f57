package dev.noir.boot;

import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.Administrators;
import dev.noir.admin.ClusterView;
import dev.noir.admin.Commands;
import dev.noir.admin.JobKind;
import dev.noir.admin.NodeCalls;
import dev.noir.admin.RpcDoor;
import dev.noir.bus.NodeRegistry;
import dev.noir.config.NoirConfig;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.FollowedLog;
import dev.noir.grpc.NoirAdmin;
import dev.noir.grpc.Relay;
import dev.noir.history.History;
import dev.noir.redis.Cluster;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
                                jobKinds),
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

    /** What an administrator says on a socket, in our words or in the original's. Thread: any. */
    private static final class RpcTalk implements Management.Talk {
        private final Administrators.Entered entered;
        private final RpcDoor door;
        private final NoirAdmin noir;
        private volatile @Nullable Relay relay; // Set once, before all others.

        RpcTalk(Administrators.Entered entered, RpcDoor door, NoirAdmin noir) {
            this.entered = entered;
            this.door = door;
            this.noir = noir;
        }

        @Override
        public Visitor visitor() {
            return entered.visitor();
        }

        private Actor actor(String through) {
            return new Actor(visitor().caller(), through);
        }

        @Override
        public void begin(Consumer<String> ear) {
            relay = new Relay(noir, actor("relay"), visitor(), entered.stillMay(), ear);
        }

        @Override
        public void end() {
            Relay ending = relay;
            if (ending != null) {
                ending.close();
            }
        }

        @Override
        public CompletionStage<Optional<String>> answer(String message) {
            Relay begun = relay;
            if (begun == null || !entered.stillMay().getAsBoolean()) {
                return CompletableFuture.completedStage(Optional.of(door.forbidden()));
            }
            return door.answer(actor("ws"), message, begun.methods(), maxChars());
        }

        @Override
        public int maxChars() {
            return Relay.maxChars(noir);
        }

        @Override
        public String tooLarge() {
            return door.tooLarge();
        }
    }
}
