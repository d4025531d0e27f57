package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.proto.noir.SignalReply;
import dev.noir.proto.noir.SignalRequest;
import dev.noir.signal.SignalServer;
import dev.noir.signal.SocketPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Clients whose signalling comes within one administrator's connection, each as if it had a stream of its own. Thread: any; messages
 * of all are taken one at a time.
 */
final class TalkClients implements AutoCloseable {
    static final int MAX_CLIENTS = 1000;
    private static final int MAX_ID = 256;
    private static final String TOO_MANY = "there are " + MAX_CLIENTS + " clients in this connection already";

    // Given.
    private final SignalServer server;
    private final Visitor visitor;
    private final Consumer<SignalReply> ear;

    // State. Guarded by `this`.
    private final Map<String, Client> clients = new HashMap<>();
    private boolean closed;

    /** @param visitor as whom they come */
    TalkClients(SignalServer server, Visitor visitor, Consumer<SignalReply> ear) {
        this.server = server;
        this.visitor = visitor;
        this.ear = ear;
    }

    void received(SignalRequest request) {
        String id = request.getId();
        if (id.isEmpty() || id.length() > MAX_ID) {
            refuse(request, "id must have 1 to " + MAX_ID + " characters");
            return;
        }
        Client client;
        synchronized (this) {
            client = clients.get(id);
        }
        if (client == null && !request.hasJoin()) {
            if (!request.getKill()) {
                refuse(request, "no client of this id has joined here");
            }
        } else if (client == null) {
            open(request);
        } else {
            client.received(request);
        }
    }

    private void open(SignalRequest request) {
        Client client = new Client(request.getId());
        synchronized (this) {
            if (closed) {
                return;
            }
            if (clients.size() >= MAX_CLIENTS) {
                client = null;
            } else {
                clients.put(request.getId(), client);
            }
        }
        if (client == null) {
            refuse(request, TOO_MANY);
            return;
        }
        client.open();
        client.received(request);
    }

    private void refuse(SignalRequest request, String why) {
        ear.accept(SignalReply.newBuilder()
                .setId(request.getId().length() > MAX_ID ? "" : request.getId())
                .setRequestId(request.getRequestId())
                .setError(why)
                .build());
    }

    private synchronized void forget(Client client) {
        clients.remove(client.id, client);
    }

    /** They leave their rooms. */
    @Override
    public void close() {
        List<Client> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(clients.values());
            clients.clear();
        }
        all.forEach(Client::gone);
    }

    /** One of them, as its session sees it; what carries it is looked after by others. */
    private final class Client implements SocketPort {
        private final String id;

        // State. Guarded by `this`.
        private @Nullable NoirSession session;
        private boolean killed;

        Client(String id) {
            this.id = id;
        }

        void open() {
            NoirSession opened = server.open(
                            this, visitor, (at, outbox, who) -> new NoirSession(at, outbox, who, bytes -> bytes))
                    .orElse(null);
            synchronized (this) {
                session = opened;
            }
        }

        private synchronized @Nullable NoirSession session() {
            return session;
        }

        void received(SignalRequest request) {
            NoirSession opened = session();
            if (opened != null) {
                synchronized (opened) { // One message at a time, as of a stream.
                    opened.received(request.toByteArray());
                }
            }
        }

        void gone() {
            NoirSession opened = session();
            if (opened != null) {
                opened.closed();
            }
        }

        @Override
        public void sendText(String text, Consumer<@Nullable Throwable> done) {
            throw new IllegalStateException("protobuf is bytes");
        }

        @Override
        public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
            try {
                SignalReply reply = SignalReply.parseFrom(message);
                tell(reply.toBuilder().setId(id).build());
                done.accept(null);
            } catch (InvalidProtocolBufferException e) {
                done.accept(e);
            }
        }

        private void tell(SignalReply reply) {
            synchronized (this) {
                killed |= reply.getKill();
            }
            ear.accept(reply);
        }

        @Override
        public void sendPing() {
            NoirSession opened = session();
            if (opened != null) {
                opened.heard();
            }
        }

        /** Told in words, if it has not been. */
        @Override
        public void close(int code, String reason) {
            boolean told;
            synchronized (this) {
                told = killed;
            }
            forget(this);
            SignalReply.Builder reply = SignalReply.newBuilder().setId(id);
            if (!told && code != GrpcSession.NORMAL && !reason.isEmpty()) {
                ear.accept(reply.setError(reason).build());
            }
            if (!told) {
                tell(reply.setKill(true).build());
            }
            gone();
        }
    }
}
