package dev.noir.grpc;

import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.Administrators;
import dev.noir.admin.RpcDoor;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.SignalServer;
import dev.noir.signal.SocketPort;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Management in the original noiR's words, whatever carries them: what its doors share. Thread: any. */
public final class NoirAdmin {
    private final Supplier<RpcDoor> commands;
    private final Administrators administrators;
    private final SignalServer signal;
    private final ManagementSockets sockets;
    private final InstantSource clock;

    // State: who hears the replies to what is sent under a name.
    private final Map<Subscription, AdminStream> subscribers = new ConcurrentHashMap<>();

    /** Nobody subscribes for somebody else. */
    private record Subscription(String principal, String name) {}

    /** @param commands looked up with the first one: they are made after the doors */
    public NoirAdmin(
            Supplier<RpcDoor> commands,
            Administrators administrators,
            SignalServer signal,
            ManagementSockets sockets,
            InstantSource clock) {
        this.commands = commands;
        this.administrators = administrators;
        this.signal = signal;
        this.sockets = sockets;
        this.clock = clock;
    }

    RpcDoor commands() {
        return commands.get();
    }

    Administrators administrators() {
        return administrators;
    }

    SignalServer signal() {
        return signal;
    }

    InstantSource clock() {
        return clock;
    }

    /** What somebody says who may. */
    NoirTalk talk(Actor actor, Visitor visitor, BooleanSupplier stillMay, NoirTalk.Ear ear) {
        return new NoirTalk(this, actor, visitor, stillMay, ear);
    }

    /** Takes over a stream that has just been opened; empty when it was refused and closed. */
    Optional<AdminStream> open(SocketPort port, AdminMethod method, String door, UnaryOperator<byte[]> framing) {
        return sockets.open(port, (of, outbox) -> new AdminStream(of, outbox, this, method, door, framing));
    }

    /** @return who has had that name until now */
    @Nullable
    AdminStream subscribe(String principal, String name, AdminStream stream) {
        return subscribers.put(new Subscription(principal, name), stream);
    }

    void unsubscribe(String principal, String name, AdminStream stream) {
        subscribers.remove(new Subscription(principal, name), stream);
    }

    @Nullable
    AdminStream subscriber(String principal, String name) {
        return subscribers.get(new Subscription(principal, name));
    }
}
