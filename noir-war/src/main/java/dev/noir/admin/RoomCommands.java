package dev.noir.admin;

import dev.noir.access.OwnPolicy;
import dev.noir.access.Password;
import dev.noir.access.PasswordHash;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomPlans;
import dev.noir.room.Rooms;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What can be done to a room, open or not. Thread: any. */
public final class RoomCommands {
    static final int MAX_PEERS = 10_000;
    static final int YEAR = 31_536_000;

    /** Which room. */
    public record RoomName(@Member("its name, the sid of clients") String room) {}

    /** A room and what it shall be like; what is missing stays as it is, or as by default. */
    public record RoomSettings(
            @Member("its name, the sid of clients") String room,
            @Member(value = "for people", max = 128) Optional<String> title,
            @Member(value = "at the same time", min = 1, max = MAX_PEERS) Optional<Integer> maxPeers,
            @Member(value = "peers that send media at the same time; 0: all may", max = MAX_PEERS)
                    Optional<Integer> maxPublishers,
            @Member(value = "after which it is ended with everybody in it; 0: it lives until it is empty", max = YEAR)
                    Optional<Integer> maxAgeSeconds,
            @Member(value = "how long after such an end its name stays refused", max = YEAR)
                    Optional<Integer> reserveSeconds,
            @Member("one peer at a time sends, at most one audio and one video track") Optional<Boolean> channel,
            @Member(value = "asked for at the door; empty: none of its own", secret = true)
                    Optional<String> joinPassword,
            @Member(value = "asked for before somebody may send; empty: none of its own", secret = true)
                    Optional<String> publishPassword,
            @Member(
                            value = "of its own: who may do what, in lines as of a policy file's section; empty: none",
                            max = OwnPolicy.MAX_LENGTH)
                    Optional<String> policy,
            @Member("recorded from its first peer on, for as long as nobody says otherwise")
                    Optional<Boolean> record) {}

    /** Which room is to end, and why. */
    public record CloseRoom(
            @Member("its name, the sid of clients") String room,
            @Member(value = "for those who are in it", max = 128) Optional<String> reason,
            @Member("what is laid down for it goes on; else that goes, too") Optional<Boolean> keep) {}

    // Given.
    private final Rooms rooms;
    private final RoomPlans plans;
    private final RoomOptions defaults;
    private final Executor threads;
    private final SecureRandom random;

    RoomCommands(Rooms rooms, RoomPlans plans, RoomOptions defaults, Executor threads, SecureRandom random) {
        this.rooms = rooms;
        this.plans = plans;
        this.defaults = defaults;
        this.threads = threads;
        this.random = random;
    }

    /** Of something that may block. */
    private <T> CompletableFuture<T> asked(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, threads);
    }

    /** Empty: it is not open. */
    private CompletionStage<Optional<RoomInfo>> open(Actor actor, RoomId room) {
        return ifOpen(rooms.moderate(actor.caller(), room, new ModerationCommand.Describe()))
                .thenApply(found -> found.map(result -> RoomInfo.open((RoomDescription) result)));
    }

    /** Empty: the room is not open. */
    static <T> CompletionStage<Optional<T>> ifOpen(CompletionStage<T> asked) {
        return asked.handle((result, failure) -> {
            if (failure == null) {
                return Optional.of(result);
            }
            CommandException why = CommandException.of(failure);
            if (why.code() == Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw why;
        });
    }

    private static CommandException none() {
        return new CommandException(Code.NOT_FOUND, "there is no such room");
    }

    public CompletionStage<RoomInfo> get(Actor actor, RoomName input) {
        RoomId room = new RoomId(input.room());
        return open(actor, room).thenCompose(open -> open.map(CompletableFuture::completedFuture)
                .orElseGet(() -> asked(
                        () -> plans.plan(room).map(plan -> planned(room, plan)).orElseThrow(RoomCommands::none))));
    }

    private RoomInfo planned(RoomId room, RoomPlan plan) {
        return RoomInfo.planned(room, plan.over(defaults));
    }

    /** One that is open already has nothing laid down that was asked for, so it is not this one. */
    public CompletionStage<RoomInfo> create(Actor actor, RoomSettings input) {
        RoomId room = new RoomId(input.room());
        check(input);
        return open(actor, room).thenCompose(open -> {
            if (open.isPresent()) {
                throw new CommandException(Code.EXISTS, "the room is open already");
            }
            return asked(() -> {
                        RoomPlan plan = changed(RoomPlan.NONE, input);
                        if (!plans.addPlan(room, plan)) {
                            throw new CommandException(Code.EXISTS, "the room has been created already");
                        }
                        return plan;
                    })
                    .thenCompose(plan -> inForce(actor, room, plan));
        });
    }

    /** Somebody may have opened it meanwhile. */
    private CompletionStage<RoomInfo> inForce(Actor actor, RoomId room, RoomPlan plan) {
        return reload(actor, room)
                .thenCompose(told -> told.isEmpty()
                        ? CompletableFuture.completedStage(planned(room, plan))
                        : open(actor, room).thenApply(open -> open.orElseGet(() -> planned(room, plan))));
    }

    private CompletionStage<Optional<ModerationResult>> reload(Actor actor, RoomId room) {
        return ifOpen(rooms.moderate(actor.caller(), room, new ModerationCommand.Reload()));
    }

    private static void check(RoomSettings input) {
        try {
            input.policy().ifPresent(OwnPolicy::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException(Code.INVALID, "policy: " + e.getMessage());
        }
        input.joinPassword().ifPresent(RoomCommands::checkPassword);
        input.publishPassword().ifPresent(RoomCommands::checkPassword);
    }

    private static void checkPassword(String text) {
        if (!text.isEmpty() && !new Password(text).isGiven()) {
            throw new CommandException(Code.INVALID, "a password has at most " + Password.MAX_LENGTH + " characters");
        }
    }

    /** Takes its time when there are passwords. */
    private RoomPlan changed(RoomPlan plan, RoomSettings input) {
        RoomPlan change = new RoomPlan(
                input.title(),
                input.maxPeers(),
                input.maxPublishers(),
                input.maxAgeSeconds().map(Duration::ofSeconds),
                input.reserveSeconds().map(Duration::ofSeconds),
                input.channel(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                input.record());
        return plan.with(change)
                .withPolicy(policy(plan.policy(), input.policy()))
                .withPasswords(
                        password(plan.joinPassword(), input.joinPassword()),
                        password(plan.publishPassword(), input.publishPassword()));
    }

    private static Optional<OwnPolicy> policy(Optional<OwnPolicy> before, Optional<String> wanted) {
        return wanted.isEmpty() ? before : wanted.map(OwnPolicy::parse).filter(OwnPolicy::isAny);
    }

    private Optional<PasswordHash> password(Optional<PasswordHash> before, Optional<String> wanted) {
        if (wanted.isEmpty()) {
            return before;
        }
        return wanted.filter(text -> !text.isEmpty()).map(text -> PasswordHash.of(new Password(text), random));
    }

    /** An open room is asked first: when its host cannot be reached nothing changes. */
    public CompletionStage<RoomInfo> update(Actor actor, RoomSettings input) {
        RoomId room = new RoomId(input.room());
        check(input);
        return open(actor, room).thenCompose(open -> asked(() -> {
                    Optional<RoomPlan> before = plans.plan(room);
                    if (open.isEmpty() && before.isEmpty()) {
                        throw none();
                    }
                    RoomPlan plan = changed(before.orElse(RoomPlan.NONE), input);
                    plans.savePlan(room, plan);
                    return new Change(before, plan);
                })
                .thenCompose(change -> undoing(inForce(actor, room, change.after), room, change.before)));
    }

    private record Change(Optional<RoomPlan> before, RoomPlan after) {}

    /** What did not come into force is not laid down either. */
    private <T> CompletionStage<T> undoing(CompletionStage<T> step, RoomId room, Optional<RoomPlan> before) {
        return step.handle((done, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(done);
                    }
                    return this.<T>asked(() -> {
                        restore(room, before);
                        throw CommandException.of(failure);
                    });
                })
                .thenCompose(stage -> stage);
    }

    private void restore(RoomId room, Optional<RoomPlan> before) {
        before.ifPresentOrElse(plan -> plans.savePlan(room, plan), () -> plans.removePlan(room));
    }

    public CompletionStage<Done> close(Actor actor, CloseRoom input) {
        RoomId room = new RoomId(input.room());
        boolean keep = input.keep().orElse(false);
        return asked(() -> {
                    Optional<RoomPlan> before = plans.plan(room);
                    if (!keep && before.isPresent()) {
                        plans.removePlan(room);
                    }
                    return before;
                })
                .thenCompose(before -> undoing(ended(actor, room, input, before.isPresent() && !keep), room, before));
    }

    private CompletionStage<Done> ended(Actor actor, RoomId room, CloseRoom input, boolean forgotten) {
        ModerationCommand close = new ModerationCommand.Close(input.reason().orElse(""));
        return ifOpen(rooms.moderate(actor.caller(), room, close)).thenApply(closed -> {
            if (closed.isEmpty() && !forgotten) {
                throw none();
            }
            return new Done();
        });
    }

    public CompletionStage<Done> lock(Actor actor, RoomName input) {
        return done(rooms.lock(actor.caller(), new RoomId(input.room()), true));
    }

    public CompletionStage<Done> unlock(Actor actor, RoomName input) {
        return done(rooms.lock(actor.caller(), new RoomId(input.room()), false));
    }

    /** Who comes in from now on waits, or not. */
    public record Lobby(
            @Member("its name, the sid of clients") String room, @Member("who comes in waits") boolean enabled) {}

    public CompletionStage<Done> lobby(Actor actor, Lobby input) {
        return done(rooms.lobby(actor.caller(), new RoomId(input.room()), input.enabled()));
    }

    /** What is said and shown is recorded from now on, or not. */
    public record RecordRoom(
            @Member("its name, the sid of clients") String room, @Member("it is recorded") boolean enabled) {}

    public CompletionStage<Done> record(Actor actor, RecordRoom input) {
        return done(rooms.record(actor.caller(), new RoomId(input.room()), input.enabled()));
    }

    static CompletionStage<Done> done(CompletionStage<ModerationResult> stage) {
        return stage.thenApply(result -> new Done());
    }

    /** What the media of a room's peers is doing, and why. */
    public record Explain(
            @Member("its name, the sid of clients") String room,
            @Member("one peer; when missing all, up to 25") Optional<String> uid) {}

    /** As a tree. */
    public record Explained(@Member("as docs/protocol.md says") Map<String, ?> explanation) {}

    public CompletionStage<Explained> explain(Actor actor, Explain input) {
        return rooms.explain(
                        actor.caller(), new RoomId(input.room()), input.uid().map(dev.noir.room.PeerName::new))
                .thenApply(Explained::new);
    }
}
