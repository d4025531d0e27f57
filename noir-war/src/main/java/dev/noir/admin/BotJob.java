package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.RecordJson.Rigour;
import dev.noir.bots.Attendance;
import dev.noir.bots.BotOrder;
import dev.noir.bots.BotRun;
import dev.noir.bots.BotWorkers;
import dev.noir.room.ModerationCommand;
import dev.noir.room.PeerName;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.Rooms;
import dev.noir.room.Scheduler;
import jakarta.json.JsonString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** A bot in a room, in a process of its own ({@code docs/bots.md}). Thread: any. */
public final class BotJob implements JobKind {
    private static final String NAME = "Bot";

    /** How. */
    record Options(
            @Member(value = "which kind of bot", max = 64) String bot,
            @Member("as which peer") Optional<String> name,
            @Member("it is for those who wait in the room's lobby, and there while somebody does")
                    Optional<Boolean> lobby,
            @Member(value = "as the kind of bot asks for", secret = true) Optional<Map<String, ?>> options) {}

    // Given.
    private final Optional<BotWorkers> workers;
    private final Rooms rooms;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    /** @param workers empty: this node has none */
    public BotJob(Optional<BotWorkers> workers, Rooms rooms, Scheduler scheduler, RandomGenerator random) {
        this.workers = workers;
        this.rooms = rooms;
        this.scheduler = scheduler;
        this.random = random;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Run start(String room, Map<String, ?> given) {
        Options options = RecordJson.read(Options.class, JobNames.json(given), Rigour.STRICT);
        BotWorkers able = workers.orElseThrow(
                () -> new CommandException(Code.UNAVAILABLE, "this server has no bots: noir.bots.jar is not set"));
        PeerName name = new PeerName(options.name().orElseGet(() -> JobNames.generated(NAME, random)));
        Map<String, String> texts = new HashMap<>();
        options.options()
                .map(JobNames::json)
                .ifPresent(json -> json.forEach((key, value) ->
                        texts.put(key, value instanceof JsonString text ? text.getString() : value.toString())));
        RoomId where = new RoomId(room);
        BotOrder order = new BotOrder(options.bot(), where.value(), name.value(), texts);
        BotRun run = options.lobby().orElse(false)
                ? Attendance.begin(able, order, () -> inLobby(where), scheduler)
                : able.start(order);
        return new Running(run, name);
    }

    private CompletionStage<Integer> inLobby(RoomId room) {
        return rooms.moderate(Caller.ANONYMOUS, room, new ModerationCommand.Describe())
                .thenApply(open -> ((RoomDescription) open).inLobby());
    }

    /** One that has begun. */
    private record Running(BotRun run, PeerName name) implements Run {
        @Override
        public CompletionStage<?> over() {
            CompletableFuture<Void> over = new CompletableFuture<>();
            run.over().whenComplete((done, failure) -> {
                if (failure == null) {
                    over.complete(null);
                } else {
                    over.completeExceptionally(
                            new CommandException(Code.UNAVAILABLE, String.valueOf(failure.getMessage())));
                }
            });
            return over.minimalCompletionStage();
        }

        @Override
        public void stop() {
            run.stop();
        }

        @Override
        public Progress progress() {
            State whileAway = run.isIdle() ? State.WAITING : State.STARTING;
            return new Progress(
                    run.isJoined() ? State.RUNNING : whileAway,
                    Optional.of(name.value()),
                    Optional.empty(),
                    run.says());
        }
    }
}
