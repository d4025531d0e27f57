package dev.noir.admin;

import java.util.Map;

/** Port: something that a node can do in a room for a while, such as playing a file. Thread: any. */
public interface JobKind {
    /** As commands call it. */
    String name();

    /**
     * Begins. Must not block.
     *
     * @param options members by name, as they were given; not looked at by anybody else
     * @throws CommandException when it cannot be done, or not with these options
     */
    Run start(String room, Map<String, ?> options);

    /** One that has begun. */
    interface Run {
        boolean isOver();

        /** Returns at once; it is over soon. */
        void stop();
    }
}
