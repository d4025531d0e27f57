package dev.noir.boot;

import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.Administrators;
import dev.noir.admin.EventFollows;
import dev.noir.admin.RpcDoor;
import dev.noir.grpc.NoirAdmin;
import dev.noir.grpc.Relay;
import dev.noir.signal.Management;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an administrator says on a socket, in our words or in the original's. Thread: any. */
final class RpcTalk implements Management.Talk {
    // Given.
    private final Administrators.Entered entered;
    private final RpcDoor door;
    private final NoirAdmin noir;

    // Set once, before all others.
    private volatile @Nullable Own own;

    /** What one connection has besides commands. */
    private record Own(Relay relay, EventFollows follows, Map<String, RpcDoor.OwnMethod> methods) {}

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
    public void begin(Management.Ear ear) {
        EventFollows.Ear hears = new EventFollows.Ear() {
            @Override
            public void hear(String text) {
                ear.hear(text);
            }

            @Override
            public int waiting() {
                return ear.waiting();
            }
        };
        Relay relay = new Relay(noir, actor("relay"), visitor(), entered.stillMay(), hears);
        EventFollows follows = door.follows(actor("ws"), hears, entered.stillMay());
        Map<String, RpcDoor.OwnMethod> methods = new HashMap<>(relay.methods());
        methods.putAll(follows.methods());
        own = new Own(relay, follows, Map.copyOf(methods));
    }

    @Override
    public void end() {
        Own ending = own;
        if (ending != null) {
            ending.relay.close();
            ending.follows.close();
        }
    }

    @Override
    public CompletionStage<Optional<String>> answer(String message) {
        Own begun = own;
        if (begun == null || !entered.stillMay().getAsBoolean()) {
            return CompletableFuture.completedStage(Optional.of(door.forbidden()));
        }
        return door.answer(actor("ws"), message, begun.methods, maxChars());
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
