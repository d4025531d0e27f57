package dev.noir.room;

import java.util.List;
import java.util.Optional;

/** Port: the notation of the API channel. Thread: any. */
public interface ApiMessages {
    /** Empty when the text is not understood. */
    Optional<ApiMessage> parse(String text);

    /** Tells a publisher which encodings of a section somebody takes, by their rids; "" is the one without. */
    String wantedLayers(String streamId, String mid, List<String> rids);

    /** Tells a receiver which layer of a stream it gets now. */
    String activeLayer(String streamId, String activeLayer, List<String> availableLayers);

    /** Tells who speaks: streams, loudest first. */
    String audioLevels(List<String> streamIds);
}
