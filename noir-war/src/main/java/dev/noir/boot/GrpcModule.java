package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.auth.Identification;
import dev.noir.config.NoirConfig;
import dev.noir.grpc.NativeDoor;
import dev.noir.grpc.NoirAdmin;
import dev.noir.signal.SignalServer;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Beans of {@code grpc}. Thread: the server's deployer. */
@Dependent
final class GrpcModule {
    // Each connection has a thread that reads, and carries as many streams as it likes: programs, not people.
    private static final int CONNECTIONS = 512;
    private static final int CONNECTIONS_PER_ADDRESS = 64;
    private static final long IDLE_THREAD_SECONDS = 10;

    /** Made before {@link NodeDrain}, so stopped after it: by then all clients have been told. Started by {@link NoirNode}. */
    @Produces
    @Singleton
    NativeGrpc grpc(
            NoirConfig config,
            SignalServer signal,
            NoirAdmin admin,
            Identification identification,
            ContainerThreads threads,
            Health health,
            Parts parts) {
        // Of our own: a server's threads are for tasks that end.
        ThreadPoolExecutor connections = parts.add(
                        "threads of gRPC",
                        new EndedPool(new ThreadPoolExecutor(
                                0,
                                Integer.MAX_VALUE,
                                IDLE_THREAD_SECONDS,
                                TimeUnit.SECONDS,
                                new SynchronousQueue<>(),
                                threads.factory())))
                .pool();
        NativeDoor door = new NativeDoor(
                signal,
                admin,
                identification::later,
                () -> health.ready().up(),
                new NativeDoor.Threads(connections, threads.tasks(), threads.scheduler()),
                new CountedSockets(CONNECTIONS, CONNECTIONS_PER_ADDRESS));
        return new NativeGrpc(config, parts.add("gRPC", door));
    }

    /** A pool that is ended with noiR. */
    private record EndedPool(ThreadPoolExecutor pool) implements AutoCloseable {
        @Override
        public void close() {
            pool.shutdownNow();
        }
    }
}
