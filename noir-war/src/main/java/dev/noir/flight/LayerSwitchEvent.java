package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A subscriber gets another layer of a video track. */
@Name("dev.noir.LayerSwitch")
@Label("Layer switch")
@Description("A subscriber gets another layer of a video track; the first ones of each second and loop")
@Category("noiR")
@StackTrace(false)
final class LayerSwitchEvent extends Event {
    @Label("Loop")
    final int loop;

    @Label("Subscriber")
    @Description("The number of its transport on the loop")
    final int subscriber;

    @Label("Track")
    @Description("The number of its down track on the loop")
    final int track;

    @Label("From")
    @Description("Spatial and temporal layer, from 0, or none")
    final String from;

    @Label("To")
    final String to;

    @Label("Why")
    @Description("line, wish, or source")
    final String why;

    LayerSwitchEvent(int loop, int subscriber, int track, String from, String to, String why) {
        this.loop = loop;
        this.subscriber = subscriber;
        this.track = track;
        this.from = from;
        this.to = to;
        this.why = why;
    }
}
