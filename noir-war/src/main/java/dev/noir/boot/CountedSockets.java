package dev.noir.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ServerSocketFactory;

/** Server sockets whose connections are counted, for each has a thread: one too many is closed at once. Thread: any. */
final class CountedSockets extends ServerSocketFactory {
    // Given.
    private final int limit;
    private final int perAddress;

    // State. Guarded by itself.
    private final Map<InetAddress, Integer> open = new HashMap<>();

    /** @param limit of all; perAddress of each address, other ends on this machine apart */
    CountedSockets(int limit, int perAddress) {
        this.limit = limit;
        this.perAddress = perAddress;
    }

    private boolean take(InetAddress address) {
        synchronized (open) {
            int all = open.values().stream().mapToInt(Integer::intValue).sum();
            int share = address.isLoopbackAddress() ? limit : perAddress;
            if (all >= limit || open.getOrDefault(address, 0) >= share) {
                return false;
            }
            open.merge(address, 1, Integer::sum);
            return true;
        }
    }

    private void giveBack(InetAddress address) {
        synchronized (open) {
            open.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Gives its place back when it is closed. */
    private final class Counted extends Socket {
        private final AtomicBoolean counted = new AtomicBoolean();

        boolean take() {
            boolean taken = CountedSockets.this.take(getInetAddress());
            counted.set(taken);
            return taken;
        }

        @Override
        public synchronized void close() throws IOException {
            InetAddress address = getInetAddress();
            super.close();
            if (counted.compareAndSet(true, false)) {
                giveBack(address);
            }
        }
    }

    private final class Counting extends ServerSocket {
        Counting() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            while (true) {
                Counted next = new Counted();
                implAccept(next);
                if (next.take()) {
                    return next;
                }
                next.close();
            }
        }
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new Counting();
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, 0);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        ServerSocket socket = createServerSocket();
        socket.bind(new InetSocketAddress(port), backlog);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        ServerSocket socket = createServerSocket();
        socket.bind(new InetSocketAddress(address, port), backlog);
        return socket;
    }
}
