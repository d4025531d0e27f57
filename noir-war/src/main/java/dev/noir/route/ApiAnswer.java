package dev.noir.route;

import dev.noir.bus.Envelope;
import dev.noir.bus.Envelope.Kind;
import dev.noir.room.ModerationResult;
import dev.noir.room.RoomException;

/** The outcome of what another part of another node has asked for, on its way back. Thread: any. */
record ApiAnswer(RouteContext context, Envelope asked) implements ApiReply {
    @Override
    public void result(ModerationResult result) {
        send(Kind.REPLY, RoutePayloads.result(result));
    }

    @Override
    public void error(RoomException error) {
        if (error.code() == RoomException.Code.MOVED) {
            send(Kind.MOVED, error.node());
        } else {
            send(Kind.ERROR, RoutePayloads.error(error));
        }
    }

    private void send(Kind kind, String payload) {
        if (!context.bus().send(asked.answer(kind, payload))) {
            context.counters().busFailures.increment(); // Whoever asked has a deadline.
        }
    }
}
