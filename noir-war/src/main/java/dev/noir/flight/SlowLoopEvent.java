package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A media loop has answered late. */
@Name("dev.noir.SlowLoop")
@Label("Slow loop")
@Description("A media loop has answered late")
@Category("noiR")
@StackTrace(false)
@Period("1 s")
final class SlowLoopEvent extends Event {
    @Label("Loop")
    final int loop;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    final long took;

    SlowLoopEvent(int loop, long took) {
        this.loop = loop;
        this.took = took;
    }
}
