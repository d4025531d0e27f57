package dev.noir.bot.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class SerialTest {
    private final Queue<Runnable> workers = new ArrayDeque<>();
    private final Serial serial = new Serial(workers::add);
    private final List<Integer> done = new ArrayList<>();

    @Test
    void oneAtATimeAndInOrder() {
        serial.execute(() -> done.add(1));
        serial.execute(() -> {
            done.add(2);
            serial.execute(() -> done.add(4));
        });
        serial.execute(() -> done.add(3));
        while (!workers.isEmpty()) {
            assertEquals(1, workers.size());
            workers.remove().run();
        }
        assertEquals(List.of(1, 2, 3, 4), done);
    }

    @Test
    void oneThatThrowsDoesNotStopTheOthers() {
        serial.execute(() -> {
            throw new IllegalStateException("it fails");
        });
        serial.execute(() -> done.add(1));
        assertThrows(IllegalStateException.class, workers.remove()::run);
        workers.remove().run();
        assertEquals(List.of(1), done);
    }
}
