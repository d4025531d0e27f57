package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.room.RoomId;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What has happened in rooms. Thread: any. */
public final class EventCommands {
    private static final int PAGE = 100;

    /** Which events. */
    public record Replay(
            @Member("the room, the sid of clients") String room,
            @Member(value = "the first one's number; 1 when missing", min = 1) Optional<Long> from,
            @Member(value = "at most so many; 100 when missing", min = 1, max = EventLog.MAX_REPLAYED)
                    Optional<Integer> limit) {}

    /** Some of them. */
    public record Events(
            @Member("in order, as docs/extending.md says: type, timestamp, data with the number")
                    List<Map<String, ?>> events,
            @Member("to be given as from to go on; there may be none yet") long next) {}

    // Given.
    private final EventLog log;

    // Owned.
    private final JsonRpcCodec codec = new JsonRpcCodec();

    EventCommands(EventLog log) {
        this.log = log;
    }

    public CompletionStage<Events> replay(Actor actor, Replay input) {
        long from = input.from().orElse(1L);
        return log.replay(new RoomId(input.room()), from, input.limit().orElse(PAGE))
                .thenApply(events -> new Events(
                        events.stream().map(this::tree).toList(),
                        events.isEmpty() ? from : events.get(events.size() - 1).number() + 1));
    }

    private Map<String, ?> tree(LoggedEvent event) {
        try {
            if (codec.read(event.json()) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonRpcException e) {
            // Below.
        }
        throw new CommandException(Code.INTERNAL, "an event in the log cannot be read");
    }
}
