package dev.noir.boot.launch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * {@code 2026-01-31 23:59:59.123 INFO    dev.noir.room.Room: message}, then the stack trace if there is one. The JDK's own
 * SimpleFormatter walks the stack for the calling method of every record, also when its format does not ask for it: with
 * parsing the format anew each time, that was an eighth of what joins cost on the threads of rooms. Thread: any.
 */
public final class LineFormatter extends Formatter {
    private static final int LEVEL_WIDTH = 7; // WARNING

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    /** As the log manager makes it, from the name in logging.properties. */
    public LineFormatter() {}

    @Override
    public String format(LogRecord event) {
        StringBuilder line = new StringBuilder();
        time.formatTo(event.getInstant(), line);
        String level = event.getLevel().getLocalizedName();
        line.append(' ').append(level).append(" ".repeat(Math.max(0, LEVEL_WIDTH - level.length())));
        line.append(' ').append(event.getLoggerName()).append(": ").append(formatMessage(event));
        line.append(System.lineSeparator());
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }
}
