package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.fixture.RedisProcess;
import dev.noir.room.FakeScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in a real Redis, taken by two nodes. */
final class RequestListTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final List<String> asked = new ArrayList<>();
    private final List<CompletableFuture<Optional<RequestList.Reply>>> held = new ArrayList<>();
    private boolean holds;
    private boolean first;
    private RedisProcess redis;
    private RedisNodes nodes;
    private RequestList one;
    private RequestList two;

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        one = serving("one");
        two = serving("two");
    }

    private RequestList serving(String node) {
        RequestList list = new RequestList(nodes.lookups(node), scheduler);
        list.serve((request, once) -> answer(request, once), Runnable::run);
        return list;
    }

    private CompletionStage<Optional<RequestList.Reply>> answer(byte[] request, RequestList.Once once) {
        String text = new String(request, StandardCharsets.UTF_8);
        asked.add(text);
        first = once.isFirst(text);
        CompletableFuture<Optional<RequestList.Reply>> answer = new CompletableFuture<>();
        if (holds) {
            held.add(answer);
        } else {
            byte[] reply = ("re: " + text).getBytes(StandardCharsets.UTF_8);
            answer.complete(Optional.of(new RequestList.Reply("me", reply)));
        }
        return answer;
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        nodes.close();
        redis.close();
    }

    private void push(String request) {
        redis.ask("LPUSH", RedisKeys.REQUESTS, request);
    }

    private String waiting(String key) {
        return String.valueOf(redis.ask("LLEN", key));
    }

    @Test
    void eachIsTakenOnceInOrderAndAnswered() {
        push("a");
        push("b");
        scheduler.advance(RequestList.LOOK);

        assertEquals(List.of("a", "b"), asked);
        assertTrue(first);
        assertEquals("re: a", String.valueOf(redis.ask("RPOP", RedisKeys.replies("me"))));
        assertEquals("1", waiting(RedisKeys.replies("me")));
        long ttl = Long.parseLong(String.valueOf(redis.ask("PTTL", RedisKeys.replies("me"))));
        assertTrue(ttl > 0 && ttl <= 25_000, () -> "ttl " + ttl);

        push("b");
        scheduler.advance(RequestList.LOOK);
        assertFalse(first);
    }

    @Test
    void notMoreAreTakenThanAreAnswered() {
        holds = true;
        int all = 3 * RequestList.MAX_UNDER_WAY;
        for (int i = 0; i < all; i++) {
            push("r" + i);
        }
        for (int i = 0; i < all; i++) {
            scheduler.advance(RequestList.LOOK);
        }
        assertEquals(2 * RequestList.MAX_UNDER_WAY, asked.size());
        assertEquals(String.valueOf(RequestList.MAX_UNDER_WAY), waiting(RedisKeys.REQUESTS));

        holds = false;
        held.forEach(answer -> answer.complete(Optional.empty()));
        for (int i = 0; i < all; i++) {
            scheduler.advance(RequestList.LOOK);
        }
        assertEquals(all, asked.size());
    }

    @Test
    void whatIsTooLongIsDroppedAndWhatIsNoListDoesNoHarm() {
        push("x".repeat(RequestList.LONGEST + 1));
        push("y".repeat(RequestList.LONGEST));
        scheduler.advance(RequestList.LOOK);
        assertEquals(
                List.of(RequestList.LONGEST), asked.stream().map(String::length).toList());

        redis.ask("SET", RedisKeys.REQUESTS, "no list");
        scheduler.advance(RequestList.LOOK.multipliedBy(2));
        redis.ask("DEL", RedisKeys.REQUESTS);
        push("z");
        scheduler.advance(Duration.ofSeconds(2));
        assertEquals("z", asked.get(asked.size() - 1));
    }

    @Test
    void ofTooManyTheNewestAreDropped() {
        redis.ask(
                "EVAL",
                "for i = 1, tonumber(ARGV[1]) do redis.call('LPUSH', KEYS[1], i) end return 1",
                "1",
                RedisKeys.REQUESTS,
                String.valueOf(RequestList.MAX_WAITING + 500));
        scheduler.advance(RequestList.LOOK);
        assertEquals("1", asked.get(0));
        assertEquals(String.valueOf(RequestList.MAX_WAITING - asked.size()), waiting(RedisKeys.REQUESTS));
    }
}
