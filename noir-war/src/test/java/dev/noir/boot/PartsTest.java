package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartsTest {

    @Test
    void stopsInReverseOrderWhateverFails() {
        List<String> stopped = new ArrayList<>();
        Parts parts = new Parts();
        parts.add("first", () -> stopped.add("first"));
        parts.add("second", () -> {
            throw new IllegalStateException("expected by this test");
        });
        parts.add("third", () -> stopped.add("third"));
        parts.add("fourth", () -> {
            throw new NoClassDefFoundError("expected by this test");
        });
        parts.close();
        parts.close();
        assertEquals(List.of("third", "first"), stopped);
    }

    @Test
    void whatComesTooLateIsStopped() {
        List<String> stopped = new ArrayList<>();
        Parts parts = new Parts();
        parts.close();

        assertThrows(IllegalStateException.class, () -> parts.add("late", () -> stopped.add("late")));
        assertEquals(List.of("late"), stopped);
    }
}
