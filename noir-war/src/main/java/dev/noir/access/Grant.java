package dev.noir.access;

import java.util.Arrays;
import java.util.Optional;

/** One thing that a peer may do in a room; {@link #wire} is its name towards clients and in settings. */
public enum Grant {
    /** Be in the room. */
    JOIN("join"),
    PUBLISH_AUDIO("publish.audio"),
    /** Send pictures of a camera. */
    PUBLISH_VIDEO("publish.video"),
    /** Send pictures that are declared to be a screen. */
    PUBLISH_SCREEN("publish.screen"),
    /** Send messages on channels of its own to everybody in the room. */
    PUBLISH_DATA("publish.data"),
    /** Receive what others send. */
    SUBSCRIBE("subscribe"),
    /** Lock the room, let people in from the lobby, silence and remove them, change their grants. */
    MODERATE("moderate"),
    /** All of it, in every room, and the node's own management. */
    ADMINISTER("administer");

    private final String wire;

    Grant(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<Grant> ofWire(String name) {
        return Arrays.stream(values()).filter(grant -> grant.wire.equals(name)).findFirst();
    }
}
