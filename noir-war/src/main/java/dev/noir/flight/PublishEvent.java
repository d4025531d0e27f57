package dev.noir.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A peer has begun to send a track. */
@Name("dev.noir.Publish")
@Label("Publish")
@Description("A peer has begun to send a track")
@Category("noiR")
@StackTrace(false)
final class PublishEvent extends Event {
    @Label("Room")
    final String room;

    @Label("Peer")
    final String peer;

    @Label("Stream")
    final String stream;

    @Label("Kind")
    @Description("audio or video")
    final String kind;

    PublishEvent(String room, String peer, String stream, String kind) {
        this.room = room;
        this.peer = peer;
        this.stream = stream;
        this.kind = kind;
    }
}
