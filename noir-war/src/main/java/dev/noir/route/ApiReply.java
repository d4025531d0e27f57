package dev.noir.route;

import dev.noir.room.Reply;

/** The outcome of what another part of a server has asked of a room: a result, or an error. Thread: any. */
interface ApiReply extends Reply {
    @Override
    default void answer(String sdp) {
        throw new IllegalStateException("nobody has offered anything");
    }

    @Override
    default void done() {
        throw new IllegalStateException("there is always a result");
    }
}
