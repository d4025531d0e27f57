package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A client's room has lost its host. */
@Name("dev.noir.TakeOver")
@Label("Take-over")
@Description("A client's room has lost its host")
@Category("noiR")
@StackTrace(false)
final class TakeOverEvent extends Event {
    @Label("Room")
    final String room;

    @Label("Peer")
    final String peer;

    @Label("Resumed")
    @Description("Another host has it")
    final boolean resumed;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    final long took;

    TakeOverEvent(String room, String peer, boolean resumed, long took) {
        this.room = room;
        this.peer = peer;
        this.resumed = resumed;
        this.took = took;
    }
}
