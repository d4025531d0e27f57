package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.admin.RecordJson.Rigour;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rooms whose events one connection follows. Who reads slowly is told nothing for a while, and goes on where he was; who does
 * not read at all is cut, and told so. Thread: any.
 */
public final class EventFollows implements AutoCloseable {
    static final int MAX_FOLLOWS = 100;

    // Of what waits for the connection, in messages.
    static final int ENOUGH = 100;
    private static final int FEW = 20;

    static final Duration LOOK = Duration.ofMillis(200);
    static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration AFTER_THE_ANSWER = Duration.ofMillis(10);

    /** Who hears. */
    public interface Ear {
        /** Does not block. */
        void hear(String text);

        /** How many messages have not been taken yet. */
        int waiting();
    }

    /** What to follow. */
    public record Follow(
            @Member("the room, the sid of clients") String room,
            @Member(value = "the first event's number; 1 when missing", min = 1) Optional<Long> from) {}

    /** By what number it is known on this connection. */
    public record Followed(@Member("number, as in what is told") long follow) {}

    /** The notification {@code event}. */
    record Told(
            @Member("number, as in the answer of events.follow") long follow,
            @Member("the room, the sid of clients") String room,
            @Member("the event's, one more than that of the one before") long number,
            @Member("as in events.replay; missing: it cannot be read") Optional<Map<String, ?>> event) {}

    /** The notification {@code events.ended}. */
    record Ended(
            @Member("number, as in the answer of events.follow") long follow,
            @Member("the room, the sid of clients") String room,
            @Member("why") String reason,
            @Member("to be given as from to go on") long next) {}

    static final String EVENT = "event";
    static final String ENDED = "events.ended";

    // Given.
    private final EventLog log;
    private final Scheduler scheduler;
    private final Ear ear;
    private final Runnable charge;
    private final BooleanSupplier stillMay;

    // Owned.
    private final JsonRpcCodec codec = new JsonRpcCodec();

    // State. Guarded by `this`.
    private final Map<Long, Follower> followers = new HashMap<>();
    private long lastNumber;
    private boolean closed;

    /** @param charge to be asked before anything is done */
    EventFollows(EventLog log, Scheduler scheduler, Ear ear, Runnable charge, BooleanSupplier stillMay) {
        this.log = log;
        this.scheduler = scheduler;
        this.ear = ear;
        this.charge = charge;
        this.stillMay = stillMay;
    }

    public Map<String, RpcDoor.OwnMethod> methods() {
        return Map.of("events.follow", this::follow, "events.unfollow", this::unfollow);
    }

    private CompletionStage<Optional<JsonObject>> follow(JsonValue id, JsonObject params) {
        charge.run();
        Follow asked = RecordJson.read(Follow.class, params, Rigour.STRICT);
        Follower follower = add(asked);
        CompletableFuture<Optional<JsonObject>> answer = new CompletableFuture<>();
        scheduler.schedule(AFTER_THE_ANSWER, () -> {
            answer.complete(Optional.of(RecordJson.write(new Followed(follower.number))));
            follower.open();
        });
        return answer;
    }

    private synchronized Follower add(Follow asked) {
        if (followers.size() >= MAX_FOLLOWS) {
            throw new CommandException(Code.TOO_MANY, "this connection follows " + MAX_FOLLOWS + " rooms already");
        }
        if (closed) {
            throw new CommandException(Code.UNAVAILABLE, "the connection is over");
        }
        lastNumber++;
        Follower follower = new Follower(lastNumber, new RoomId(asked.room), asked.from.orElse(1L));
        followers.put(lastNumber, follower);
        return follower;
    }

    private CompletionStage<Optional<JsonObject>> unfollow(JsonValue id, JsonObject params) {
        charge.run();
        Follower follower = remove(RecordJson.read(Followed.class, params, Rigour.STRICT).follow);
        if (follower == null) {
            throw new CommandException(Code.NOT_FOUND, "nothing is followed by that number");
        }
        follower.stop();
        return CompletableFuture.completedStage(Optional.of(RecordJson.write(new Done())));
    }

    private synchronized @Nullable Follower remove(long number) {
        return followers.remove(number);
    }

    @Override
    public void close() {
        List<Follower> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(followers.values());
            followers.clear();
        }
        all.forEach(Follower::stop);
    }

    /** One of them. */
    private final class Follower {
        private final long number;
        private final RoomId room;

        // State. Guarded by `this`.
        private long next;
        private EventLog.@Nullable Following following;
        private int turn; // Of opening: what an earlier one still tells is not heard.
        private boolean ended;
        private long pausedNanos;

        Follower(long number, RoomId room, long from) {
            this.number = number;
            this.room = room;
            this.next = from;
        }

        /** Goes on with the next event. */
        void open() {
            int mine;
            long from;
            synchronized (this) {
                if (ended) {
                    return;
                }
                turn++;
                mine = turn;
                from = next;
            }
            try {
                opened(mine, log.follow(room, from, event -> happened(mine, event)));
            } catch (RoomException e) {
                end(String.valueOf(e.getMessage()));
            }
        }

        private void opened(int mine, EventLog.Following made) {
            synchronized (this) {
                if (!ended && mine == turn) {
                    following = made;
                    return;
                }
            }
            made.close();
        }

        private void happened(int mine, LoggedEvent event) {
            if (!stillMay.getAsBoolean()) {
                end("you may not administrate noiR any more");
                return;
            }
            synchronized (this) {
                if (ended || mine != turn) {
                    return;
                }
                if (ear.waiting() < ENOUGH) {
                    next = event.number() + 1;
                    ear.hear(told(event));
                    return;
                }
                turn++; // Until it is opened again.
                pausedNanos = scheduler.nanoTime();
            }
            release();
            scheduler.schedule(LOOK, this::lookAgain);
        }

        private void lookAgain() {
            boolean tooLong;
            synchronized (this) {
                tooLong = scheduler.nanoTime() - pausedNanos > PATIENCE.toNanos();
            }
            if (ear.waiting() <= FEW) {
                open();
            } else if (tooLong) {
                end("you read too slowly");
            } else {
                scheduler.schedule(LOOK, this::lookAgain);
            }
        }

        private void release() {
            EventLog.Following ending;
            synchronized (this) {
                ending = following;
                following = null;
            }
            if (ending != null) {
                ending.close();
            }
        }

        /** Nothing is told any more. */
        void stop() {
            synchronized (this) {
                ended = true;
            }
            release();
        }

        private void end(String why) {
            if (remove(number) == null) {
                return;
            }
            stop();
            long goOn;
            synchronized (this) {
                goOn = next;
            }
            ear.hear(codec.notification(ENDED, RecordJson.write(new Ended(number, room.value(), why, goOn))));
        }

        private String told(LoggedEvent event) {
            return codec.notification(
                    EVENT, RecordJson.write(new Told(number, room.value(), event.number(), tree(event))));
        }

        /** What cannot be read is left out: the number tells that there was something. */
        private Optional<Map<String, ?>> tree(LoggedEvent event) {
            try {
                return codec.read(event.json()) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
            } catch (JsonRpcException e) {
                return Optional.empty();
            }
        }
    }
}
