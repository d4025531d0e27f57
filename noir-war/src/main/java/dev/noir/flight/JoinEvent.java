package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A client of this node has asked for a room. */
@Name("dev.noir.Join")
@Label("Join")
@Description("A client of this node has asked for a room")
@Category("noiR")
@StackTrace(false)
final class JoinEvent extends Event {
    @Label("Room")
    final String room;

    @Label("Peer")
    final String peer;

    @Label("State")
    @Description("ok, or why not")
    final String state;

    @Label("Path")
    @Description("local, or forwarded to another node")
    final String path;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    final long took;

    JoinEvent(String room, String peer, String state, String path, long took) {
        this.room = room;
        this.peer = peer;
        this.state = state;
        this.path = path;
        this.took = took;
    }
}
