package dev.noir.access;

import java.util.Set;

/**
 * Port: the passwords of rooms. Asked by the node that has the client's socket, once per join that gives one. Thread: any that
 * may be kept busy: comparing takes some 100 ms of a CPU.
 */
public interface Passwords {
    /** No room has any. */
    Passwords NONE = (room, password) -> Set.of();

    /**
     * What the password opens; nothing when it is wrong, or when the room has none.
     *
     * @param room its name
     */
    Set<Pass> check(String room, Password password);
}
