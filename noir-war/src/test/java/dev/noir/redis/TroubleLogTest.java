package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TroubleLogTest {
    private final FakeScheduler time = new FakeScheduler();
    private final List<String> written = new ArrayList<>();
    private final TroubleLog log = new TroubleLog(time, (level, text) -> written.add(level + " " + text));

    @Test
    void troubleIsWrittenWhenItBeginsAndWhenItIsOver() {
        log.look(Optional.empty());
        log.look(Optional.of("deaf"));
        log.look(Optional.of("deaf"));
        time.advance(Duration.ofSeconds(30));
        log.look(Optional.of("deaf"));
        log.look(Optional.empty());
        log.look(Optional.empty());

        assertEquals(List.of("WARNING Cluster: deaf", "INFO Cluster: all is well again"), written);
    }

    @Test
    void whatChangesAllTheTimeIsWrittenNowAndThen() {
        for (int second = 0; second < 60; second++) {
            log.look(second % 2 == 0 ? Optional.of("deaf for " + second + " s") : Optional.empty());
            time.advance(Duration.ofSeconds(1));
        }

        assertEquals(2, written.size(), written::toString);
    }
}
