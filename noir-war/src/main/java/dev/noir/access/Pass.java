package dev.noir.access;

/** What somebody has shown that opens a room's door, most often a password; found by the node that has the client; only this goes to other nodes. */
public enum Pass {
    /** Opens the door. */
    JOIN,
    /** Allows sending, and opens the door as well. */
    PUBLISH,
    /** No password: an administrator has sent him. No rule but a ban, and no want but that of a place, keeps him out. */
    INVITED
}
