package dev.noir.grpc;

import dev.noir.access.LateProof;
import dev.noir.access.Visitor;
import dev.noir.signal.SignalServer;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** gRPC as it is, over HTTP/2 on a port of its own; docs/adr/0029. Thread: the server's deployer. */
public final class NativeDoor implements AutoCloseable {
    private static final Logger LOG = System.getLogger(NativeDoor.class.getName());

    // A session says itself what is too long, in words; beyond this nothing is read.
    private static final int LONGEST_FACTOR = 2;
    private static final int MAX_METADATA = 32 * 1024; // A token may have half of it.
    private static final int STREAMS_PER_CONNECTION = 1000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    /**
     * The threads that it works with.
     *
     * @param connections one for each while it is open, which reads
     * @param calls what comes of it
     */
    public record Threads(Executor connections, Executor calls, ScheduledExecutorService timers) {}

    // Given.
    private final SignalServer server;
    private final NoirAdmin admin;
    private final Function<Visitor, LateProof> proofs;
    private final BooleanSupplier healthy;
    private final Threads threads;
    private final ServerSocketFactory sockets;

    // State.
    private @Nullable Server running;

    /** @param proofs how somebody shows who he is of whom only the address is known */
    public NativeDoor(
            SignalServer server,
            NoirAdmin admin,
            Function<Visitor, LateProof> proofs,
            BooleanSupplier healthy,
            Threads threads,
            ServerSocketFactory sockets) {
        this.server = server;
        this.admin = admin;
        this.proofs = proofs;
        this.healthy = healthy;
        this.threads = threads;
        this.sockets = sockets;
    }

    /**
     * Listens from now on.
     *
     * @param port 0: any free one
     * @param tls files with the certificates and the key; empty: in clear text
     * @return the port
     */
    public int start(int port, List<String> tls) throws IOException {
        ServerCredentials credentials = tls.isEmpty()
                ? InsecureServerCredentials.create()
                : TlsServerCredentials.create(new File(tls.get(0)), new File(tls.get(1)));
        OkHttpServerBuilder builder = OkHttpServerBuilder.forPort(port, credentials)
                .transportExecutor(threads.connections())
                .executor(threads.calls())
                .scheduledExecutorService(threads.timers())
                .socketFactory(sockets)
                .maxInboundMessageSize(LONGEST_FACTOR * server.limits().maxJoinedFrameChars())
                .maxInboundMetadataSize(MAX_METADATA)
                .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
                .keepAliveTime(server.limits().pingInterval().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(server.limits().silenceTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(server.limits().pingInterval().toMillis() / 2, TimeUnit.MILLISECONDS);
        NativeServices.all(new NativeCalls(server, admin, proofs), healthy).forEach(builder::addService);
        Server started = builder.build().start();
        running = started;
        return started.getPort();
    }

    /** Clients have been told by then: their sessions are the signalling's. */
    @Override
    public void close() {
        Server ending = running;
        if (ending == null) {
            return;
        }
        ending.shutdownNow();
        try {
            if (!ending.awaitTermination(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "gRPC has not ended in {0}", STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
