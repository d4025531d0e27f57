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
    @Label("Room")
    final String room;

    @Label("Peer")
    @Description("Who gets it")
    final String peer;

    @Label("Publisher")
    @Description("Whose track it is")
    final String publisher;

    @Label("Stream")
    @Description("As its publisher calls it")
    final String stream;

    @Label("From")
    @Description("Spatial and temporal layer, from 0, or none")
    final String from;

    @Label("To")
    final String to;

    @Label("Why")
    @Description("line, wish, or source")
    final String why;

    LayerSwitchEvent(String room, String peer, String publisher, String stream, String from, String to, String why) {
        this.room = room;
        this.peer = peer;
        this.publisher = publisher;
        this.stream = stream;
        this.from = from;
        this.to = to;
        this.why = why;
    }
}
