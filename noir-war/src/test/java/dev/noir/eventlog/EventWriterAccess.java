package dev.noir.eventlog;

/** For tests of other packages, in which no time passes by itself. */
public final class EventWriterAccess {
    private EventWriterAccess() {}

    /** All that waits. */
    public static void step(EventWriter writer) {
        writer.step();
        writer.step();
    }
}
