package dev.noir.boot.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LineFormatterTest {
    private final LineFormatter formatter = new LineFormatter();

    private static LogRecord event(Level level, String message) {
        LogRecord event = new LogRecord(level, message);
        event.setLoggerName("dev.noir.room.Room");
        event.setInstant(LocalDateTime.of(2026, 1, 31, 23, 5, 9, 7_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        return event;
    }

    private static String line(Level level) {
        return "2026-01-31 23:05:09.007 %-7s dev.noir.room.Room: a room%n".formatted(level.getLocalizedName());
    }

    @Test
    void oneLineWithTimeLevelLoggerAndMessage() {
        assertEquals(line(Level.WARNING), formatter.format(event(Level.WARNING, "a room")));
        assertEquals(line(Level.INFO), formatter.format(event(Level.INFO, "a room")));
    }

    @Test
    void parametersAreFilledIn() {
        LogRecord event = event(Level.INFO, "a {0}");
        event.setParameters(new Object[] {"room"});
        assertEquals(line(Level.INFO), formatter.format(event));
    }

    @Test
    void stackTraceFollows() {
        LogRecord event = event(Level.SEVERE, "a room");
        event.setThrown(new IllegalStateException("why"));
        String text = formatter.format(event);
        assertTrue(text.startsWith(line(Level.SEVERE) + "java.lang.IllegalStateException: why"), text);
        assertTrue(text.contains("\tat " + LineFormatterTest.class.getName()), text);
    }
}
