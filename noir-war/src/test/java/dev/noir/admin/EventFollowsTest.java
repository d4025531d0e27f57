package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Followers of a log that tells what it has been told, at once. */
final class EventFollowsTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final Log log = new Log();
    private final Connection connection = new Connection();
    private boolean may = true;
    private int charged;
    private final EventFollows follows = new EventFollows(log, scheduler, connection, () -> charged++, () -> may);

    /** Of one room. */
    private static final class Log implements EventLog {
        private static final class Open {
            final Listener listener;
            long next;

            Open(long next, Listener listener) {
                this.next = next;
                this.listener = listener;
            }
        }

        final List<Open> open = new ArrayList<>();
        long last;
        boolean full;

        @Override
        public CompletionStage<List<LoggedEvent>> replay(RoomId room, long from, int limit) {
            throw new UnsupportedOperationException("nobody replays here");
        }

        @Override
        public Following follow(RoomId room, long from, Listener listener) {
            if (full) {
                throw new RoomException(RoomException.Code.UNAVAILABLE, "too many follow events already");
            }
            Open mine = new Open(from, listener);
            open.add(mine);
            tell(mine);
            return () -> open.remove(mine);
        }

        void write(int events) {
            last += events;
            List.copyOf(open).forEach(this::tell);
        }

        private void tell(Open one) {
            while (one.next <= last) {
                long number = one.next++;
                one.listener.happened(new LoggedEvent(
                        "r", number, Instant.EPOCH, "peer.joined", "{\"data\":{\"number\":" + number + "}}"));
            }
        }
    }

    /** What is heard waits until it is read. */
    private static final class Connection implements EventFollows.Ear {
        final List<String> heard = new ArrayList<>();
        int read;

        @Override
        public void hear(String text) {
            heard.add(text);
        }

        @Override
        public int waiting() {
            return heard.size() - read;
        }

        void readAll() {
            read = heard.size();
        }
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private CompletableFuture<Optional<JsonObject>> ask(String method, String params) {
        return follows.methods()
                .get(method)
                .run(JsonValue.NULL, object(params.replace('\'', '"')))
                .toCompletableFuture();
    }

    private long follow(String params) {
        CompletableFuture<Optional<JsonObject>> answer = ask("events.follow", params);
        scheduler.advance(Duration.ofMillis(10));
        return answer.join().orElseThrow().getInt("follow");
    }

    private List<Integer> numbers() {
        return connection.heard.stream()
                .map(EventFollowsTest::object)
                .filter(message -> message.getString("method").equals("event"))
                .map(message -> message.getJsonObject("params").getInt("number"))
                .toList();
    }

    private JsonObject lastHeard() {
        return object(connection.heard.get(connection.heard.size() - 1));
    }

    @Test
    void whatWasIsToldAndThenWhatHappens() {
        log.write(3);
        long number = follow("{'room':'r','from':2}");
        log.write(1);

        assertEquals(List.of(2, 3, 4), numbers());
        JsonObject params = lastHeard().getJsonObject("params");
        assertEquals(number, params.getInt("follow"));
        assertEquals("r", params.getString("room"));
        assertEquals(4, params.getJsonObject("event").getJsonObject("data").getInt("number"));

        assertEquals(
                Optional.of(JsonValue.EMPTY_JSON_OBJECT),
                ask("events.unfollow", "{'follow':1}").join());
        log.write(1);
        assertEquals(List.of(2, 3, 4), numbers());
        assertEquals(List.of(), log.open);
        assertEquals(2, charged);
        assertThrows(CommandException.class, () -> ask("events.unfollow", "{'follow':1}"));
    }

    @Test
    void whoReadsSlowlyGoesOnWhereHeWas() {
        log.write(250);
        follow("{'room':'r'}");
        assertEquals(EventFollows.ENOUGH, numbers().size());
        assertEquals(List.of(), log.open);

        for (int i = 0; i < 5; i++) {
            connection.readAll();
            scheduler.advance(EventFollows.LOOK);
        }
        assertEquals(250, numbers().size());
        for (int i = 0; i < 250; i++) {
            assertEquals(i + 1, numbers().get(i));
        }
        assertEquals(1, log.open.size());
    }

    @Test
    void whoDoesNotReadIsCutAndTold() {
        log.write(250);
        follow("{'room':'r'}");
        scheduler.advance(EventFollows.PATIENCE.plus(EventFollows.LOOK.multipliedBy(2)));

        assertEquals("events.ended", lastHeard().getString("method"));
        assertEquals("you read too slowly", lastHeard().getJsonObject("params").getString("reason"));
        assertEquals(101, lastHeard().getJsonObject("params").getInt("next"));
        connection.readAll();
        scheduler.advance(Duration.ofMinutes(1));
        assertEquals(EventFollows.ENOUGH, numbers().size());
    }

    @Test
    void whoMayNotAnyMoreIsTold() {
        follow("{'room':'r'}");
        may = false;
        log.write(1);
        assertEquals(List.of(), numbers());
        assertEquals(
                "you may not administrate noiR any more",
                lastHeard().getJsonObject("params").getString("reason"));
        assertEquals(List.of(), log.open);
    }

    @Test
    void aNodeThatHasTooManyFollowersSaysSo() {
        log.full = true;
        follow("{'room':'r','from':9}");
        assertEquals(
                "too many follow events already",
                lastHeard().getJsonObject("params").getString("reason"));
        assertEquals(9, lastHeard().getJsonObject("params").getInt("next"));
    }

    @Test
    void aConnectionHasABoundAndWhatItFollowsEndsWithIt() {
        for (int i = 0; i < EventFollows.MAX_FOLLOWS; i++) {
            follow("{'room':'r'}");
        }
        CommandException tooMany = assertThrows(CommandException.class, () -> ask("events.follow", "{'room':'r'}"));
        assertEquals(CommandException.Code.TOO_MANY, tooMany.code());
        follows.close();
        assertEquals(List.of(), log.open);
        assertThrows(CommandException.class, () -> ask("events.follow", "{'room':'r'}"));
    }

    @Test
    void paramsAreLookedAt() {
        for (String wrong : List.of("{}", "{'room':'r','from':0}", "{'room':'r','colour':1}", "{'room':7}")) {
            CommandException refused = assertThrows(CommandException.class, () -> ask("events.follow", wrong), wrong);
            assertEquals(CommandException.Code.INVALID, refused.code());
        }
        assertTrue(connection.heard.isEmpty());
    }
}
