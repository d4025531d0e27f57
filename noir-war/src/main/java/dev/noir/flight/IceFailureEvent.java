package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A client's media connection has ended, and nobody wanted it to. */
@Name("dev.noir.IceFailure")
@Label("Media failure")
@Description("A client's media connection has ended, and nobody wanted it to")
@Category("noiR")
@StackTrace(false)
final class IceFailureEvent extends Event {
    @Label("Room")
    final String room;

    @Label("Peer")
    final String peer;

    @Label("Loop")
    final int loop;

    @Label("Reason")
    final String reason;

    IceFailureEvent(String room, String peer, int loop, String reason) {
        this.room = room;
        this.peer = peer;
        this.loop = loop;
        this.reason = reason;
    }
}
