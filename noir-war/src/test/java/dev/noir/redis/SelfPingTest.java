package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SelfPingTest {
    private static final Duration BEAT = Duration.ofSeconds(1);

    private final FakeScheduler time = new FakeScheduler();
    private final List<Long> sent = new ArrayList<>();
    private boolean taken = true;
    private int anew;
    private final SelfPing ping = new SelfPing(
            number -> sent.add(number) && taken, () -> anew++, time, Duration.ofSeconds(2), Duration.ofSeconds(5));

    private void beat(int times) {
        for (int i = 0; i < times; i++) {
            ping.beat();
            time.advance(BEAT);
        }
    }

    @Test
    void oneIsSentEveryIntervalWhileTheyArrive() {
        for (int i = 0; i < 6; i++) {
            beat(1);
            ping.arrived(sent.get(sent.size() - 1));
        }

        assertEquals(List.of(1L, 2L, 3L), sent);
        assertEquals(Optional.empty(), ping.trouble());
        assertEquals(0, anew);
    }

    @Test
    void oneThatDoesNotArriveIsTroubleUntilAnotherDoes() {
        beat(5);
        assertEquals(Optional.empty(), ping.trouble());
        beat(1);
        assertEquals(
                Optional.of("what this node sends to itself has not arrived for 5 s; its inbox is read anew"),
                ping.trouble());
        assertEquals(1, anew);
        beat(5);
        assertEquals(2, anew);
        assertEquals(List.of(1L, 2L, 3L), sent);
        ping.arrived(1);
        beat(1);
        assertEquals(
                Optional.of("what this node sends to itself has not arrived for 10 s; its inbox is read anew"),
                ping.trouble());
        ping.arrived(3);
        beat(1);
        assertEquals(Optional.empty(), ping.trouble());
    }

    @Test
    void whatWasUnderWayWhileRedisWasAwayIsNotMissed() {
        beat(1);
        ping.reset();
        time.advance(Duration.ofMinutes(1));
        beat(1);

        assertEquals(Optional.empty(), ping.trouble());
        assertEquals(List.of(1L, 2L), sent);
    }

    @Test
    void oneThatIsNotTakenIsTroubleAtOnce() {
        taken = false;
        beat(1);

        assertEquals(Optional.of("this node cannot send to itself"), ping.trouble());
    }
}
