package dev.noir.room;

import java.util.function.Consumer;

/** Where the outcome of one request goes; exactly one call. Thread: any. */
public interface Reply {
    /** The request was a publisher offer and this is our answer. */
    void answer(String sdp);

    /** The request was one of a moderator's. */
    void result(ModerationResult result);

    /** A request without a result of its own has succeeded. */
    void done();

    void error(RoomException error);

    /** Makes a request of which this is the reply, also where {@link PeerRequests} refuse at first sight, by throwing. */
    default void ask(Consumer<? super Reply> request) {
        try {
            request.accept(this);
        } catch (RoomException e) {
            error(e);
        }
    }
}
