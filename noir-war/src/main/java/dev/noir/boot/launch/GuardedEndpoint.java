package dev.noir.boot.launch;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's sockets, with a share of them for each remote address, and an end for requests that take their time. Here and not in
 * a valve, for what never becomes a whole request reaches none. Thread: Tomcat's acceptor takes connections, its workers work on
 * each one at a time, its utility thread looks for those that are late.
 */
final class GuardedEndpoint extends NioEndpoint {
    private static final Logger LOG = System.getLogger(GuardedEndpoint.class.getName());

    private static final long LOOK_MILLIS = 1000;
    private static final long LATER_MILLIS = 50;
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private enum Phase {
        /** Between requests. */
        IDLE,
        /** A part of a header has come, or the connection is new. */
        HEADER,
        /** A thread works on it. */
        WORK,
        /** A WebSocket, whose liveness is the application's. */
        UPGRADED
    }

    private record State(Phase phase, long sinceNanos) {}

    /** Somebody's connection. */
    private static final class Guest {
        final String owner;
        boolean isNew = true; // The poller's: nothing has come yet.

        // Written by who has the connection's lock, read by the utility thread.
        volatile State state = new State(Phase.HEADER, System.nanoTime());

        Guest(String owner) {
            this.owner = owner;
        }

        boolean isLate(ConnectionLimits limits, long now) {
            State seen = state;
            return switch (seen.phase()) {
                case HEADER -> now - seen.sinceNanos() > limits.header().toNanos();
                case WORK -> now - seen.sinceNanos() > limits.request().toNanos();
                case IDLE, UPGRADED -> false;
            };
        }
    }

    // Given.
    private final ConnectionLimits limits;
    private final AddressShares shares;
    private final AddressShares requests;

    // Owned.
    private final Map<SocketChannel, Guest> guests = new ConcurrentHashMap<>();
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - LOG_NANOS);
    private @Nullable Future<?> looking;

    // Volatile: set once the application has started, read by the poller.
    private volatile Predicate<SocketChannel> elsewhere = connection -> false;

    /**
     * @param shares of connections, which several ports may have in common
     * @param requests shares of requests that are worked on
     */
    GuardedEndpoint(ConnectionLimits limits, AddressShares shares, AddressShares requests) {
        this.limits = limits;
        this.shares = shares;
        this.requests = requests;
    }

    @Override
    public void startInternal() throws Exception {
        super.startInternal();
        looking = getUtilityExecutor()
                .scheduleWithFixedDelay(this::endLateOnes, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stopInternal() {
        if (looking != null) {
            looking.cancel(false);
        }
        super.stopInternal();
    }

    @Override
    public void setHandler(Handler<NioChannel> handler) {
        super.setHandler(new Guarding(handler));
    }

    /** Thread: the acceptor. */
    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        String owner = ownerOf(socket);
        if (owner == null || !shares.tryTake(owner)) {
            refuse(socket, owner);
            return false;
        }
        guests.put(socket, new Guest(owner));
        boolean taken = super.setSocketOptions(socket);
        if (!taken) {
            forget(socket);
        }
        return taken;
    }

    /** Is asked about each connection when the first octets are there, before they are read: true when it has taken it over. */
    void tellApart(Predicate<SocketChannel> takes) {
        elsewhere = takes;
    }

    /** Before TLS and HTTP have read anything. Thread: the poller, which closes the connection when this is false. */
    @Override
    public boolean processSocket(SocketWrapperBase<NioChannel> connection, SocketEvent event, boolean dispatch) {
        @Nullable SocketChannel socket = connection.getSocket().getIOChannel();
        Guest guest = socket == null ? null : guests.get(socket);
        if (socket != null && guest != null && guest.isNew && event == SocketEvent.OPEN_READ) {
            guest.isNew = false;
            if (elsewhere.test(socket)) {
                letGo(socket);
                return false;
            }
        }
        return super.processSocket(connection, event, dispatch);
    }

    /** The JDK shuts a channel down before it closes it, unless there is nothing to wait for; the new owner's would end with it. */
    private static void letGo(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "gone before it was handed over", e);
        }
    }

    private @Nullable String ownerOf(SocketChannel socket) {
        try {
            return socket.getRemoteAddress() instanceof InetSocketAddress remote
                    ? shares.owner(remote.getAddress())
                    : null;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "gone before it was taken", e);
            return null;
        }
    }

    private void refuse(SocketChannel socket, @Nullable String owner) {
        try {
            // A reset: the kernel keeps nothing of it.
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "gone before it was refused", e);
        }
        destroySocket(socket);
        long now = System.nanoTime();
        long logged = loggedNanos.get();
        if (owner != null && now - logged >= LOG_NANOS && loggedNanos.compareAndSet(logged, now)) {
            LOG.log(Level.WARNING, "{0} has as many connections as one address may have; more are refused", owner);
        }
    }

    private void forget(@Nullable SocketChannel socket) {
        Guest guest = socket == null ? null : guests.remove(socket);
        if (guest != null) {
            shares.give(guest.owner);
        }
    }

    /** Shut down, not closed: a thread or the poller sees the end of the stream, and closes it as it closes all. */
    private void endLateOnes() {
        long now = System.nanoTime();
        guests.forEach((socket, guest) -> {
            if (guest.isLate(limits, now)) {
                try {
                    socket.shutdownInput().shutdownOutput();
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "gone already", e);
                }
            }
        });
    }

    /** Between the sockets and the protocol. */
    private final class Guarding implements Handler<NioChannel> {
        private final Handler<NioChannel> protocol;

        Guarding(Handler<NioChannel> protocol) {
            this.protocol = protocol;
        }

        /** Thread: a worker, which has the connection's lock. */
        @Override
        public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            // None when it has just been closed.
            @Nullable SocketChannel socket = connection.getSocket().getIOChannel();
            Guest guest = socket == null ? null : guests.get(socket);
            if (guest == null || guest.state.phase() == Phase.UPGRADED || event != SocketEvent.OPEN_READ) {
                return protocol.process(connection, event);
            }
            if (!requests.tryTake(guest.owner)) {
                Future<?> unused = getUtilityExecutor()
                        .schedule(connection::registerReadInterest, LATER_MILLIS, TimeUnit.MILLISECONDS);
                return SocketState.LONG;
            }
            try {
                return work(connection, guest);
            } finally {
                requests.give(guest.owner);
            }
        }

        private SocketState work(SocketWrapperBase<NioChannel> connection, Guest guest) {
            State before = guest.state;
            long now = System.nanoTime();
            long headerSince = before.phase() == Phase.HEADER ? before.sinceNanos() : now;
            guest.state = new State(Phase.WORK, now);
            SocketState result = protocol.process(connection, SocketEvent.OPEN_READ);
            boolean isAsync = connection.getCurrentProcessor() instanceof Processor processor && processor.isAsync();
            guest.state = switch (result) {
                case UPGRADED, ASYNC_IO -> new State(Phase.UPGRADED, now);
                case LONG -> isAsync ? new State(Phase.IDLE, now) : new State(Phase.HEADER, headerSince);
                default -> new State(Phase.IDLE, now);
            };
            return result;
        }

        @Override
        public Object getGlobal() {
            return protocol.getGlobal();
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> connection) {
            forget(connection.getSocket().getIOChannel());
            protocol.release(connection);
        }

        @Override
        public void pause() {
            protocol.pause();
        }

        @Override
        public void recycle() {
            protocol.recycle();
        }
    }
}
