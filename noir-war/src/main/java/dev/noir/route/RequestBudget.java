package dev.noir.route;

import dev.noir.room.ModerationResult;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;

/** How much one client may have under way or waiting: beyond it there is an error at once, no longer queue. Thread: any. */
final class RequestBudget {
    // Given.
    private final int maxRequests;
    private final int maxChars;

    // State. Guarded by this, for the length of an addition.
    private int requests;
    private int chars;

    RequestBudget(RoutingLimits limits) {
        this.maxRequests = limits.maxRequests();
        this.maxChars = limits.maxChars();
    }

    /**
     * Takes its share until the reply is used.
     *
     * @throws RoomException UNAVAILABLE when there is none left
     */
    Reply take(int size, Reply reply) {
        synchronized (this) { // See above.
            if (requests >= maxRequests || chars + size > maxChars) {
                throw new RoomException(RoomException.Code.UNAVAILABLE, "too many requests of this client are waiting");
            }
            requests++;
            chars += size;
        }
        return new Counted(size, reply);
    }

    private synchronized void giveBack(int size) {
        requests--;
        chars -= size;
    }

    /** Gives the share back with the outcome. */
    private final class Counted implements Reply {
        private final int size;
        private final Reply reply;

        Counted(int size, Reply reply) {
            this.size = size;
            this.reply = reply;
        }

        @Override
        public void answer(String sdp) {
            giveBack(size);
            reply.answer(sdp);
        }

        @Override
        public void done() {
            giveBack(size);
            reply.done();
        }

        @Override
        public void result(ModerationResult result) {
            giveBack(size);
            reply.result(result);
        }

        @Override
        public void error(RoomException error) {
            giveBack(size);
            reply.error(error);
        }
    }
}
