package dev.noir.room;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client says on the API channel {@code ion-sfu}. docs/protocol.md. */
public sealed interface ApiMessage {
    /**
     * About the asking peer's copies of a stream's tracks.
     *
     * @param streamId the stream, as in the SDP's msid
     * @param video "none", "low", "medium" or "high"; anything else leaves video as it is
     * @param framerate "low", "medium" or "high"; anything else leaves it as it is
     * @param audio false mutes, and so does saying nothing
     */
    record ReceiverControl(String streamId, @Nullable String video, @Nullable String framerate, boolean audio)
            implements ApiMessage {}

    /**
     * From the publisher of a stream: the encodings it goes on sending.
     *
     * @param layers "low", "medium", "high"; never empty
     */
    record PublisherControl(String streamId, List<String> layers) implements ApiMessage {}

    /** What the asking peer understands beyond ion's messages; sent before any of it is sent to it. */
    record Understands(boolean wantedLayers) implements ApiMessage {}

    /** How the asking peer shows others' pictures. */
    record Wishes(List<Wish> wishes) implements ApiMessage {
        public Wishes {
            wishes = List.copyOf(wishes);
        }
    }

    /**
     * About its copies of a stream's pictures.
     *
     * @param trackId one of the stream's tracks; null: all
     * @param width of the place it is shown in, in the pixels of the screen; 0: any
     * @param height as {@code width}
     * @param priority the higher, the more important
     * @param visible false: no pictures are needed
     */
    record Wish(String streamId, @Nullable String trackId, int width, int height, int priority, boolean visible) {}
}
