package dev.noir.access;

/** A password of a room that somebody knows, found by the node that has the client; only this goes to other nodes. */
public enum Pass {
    /** Opens the door. */
    JOIN,
    /** Allows sending, and opens the door as well. */
    PUBLISH
}
