package dev.noir.route;

import dev.noir.access.TraceParent;
import dev.noir.room.JoinRequest;
import dev.noir.room.RoomException;
import java.time.Duration;
import java.util.Optional;

/** Port: who wants to know how joins and take-overs go. Thread: any; must not block. */
public interface RouteWatch {
    /** Nobody. */
    RouteWatch NONE = new RouteWatch() {
        @Override
        public Join joining(JoinRequest request) {
            return Join.unwatched(request);
        }

        @Override
        public Join hosting(JoinRequest request) {
            return Join.unwatched(request);
        }

        @Override
        public void tookOver(JoinRequest request, boolean resumed, Duration took) {}
    };

    /** A client of this node asks for a place in a room, wherever that is. */
    Join joining(JoinRequest request);

    /** A client of another node asks for one in a room of this node. */
    Join hosting(JoinRequest request);

    /** The room of a client of this node had lost its host, and has another one; or the client has been closed. */
    void tookOver(JoinRequest request, boolean resumed, Duration took);

    /** One that is under way. */
    interface Join {
        /** What whoever is asked next is told. */
        TraceParent trace();

        /**
         * Once, unless the client goes before.
         *
         * @param forwarded another node was asked
         * @param refusal why not; empty: it is in
         */
        void ended(boolean forwarded, Optional<RoomException.Code> refusal, Duration took);

        /** Of which nobody wants to know. */
        static Join unwatched(JoinRequest request) {
            return new Join() {
                @Override
                public TraceParent trace() {
                    return request.trace();
                }

                @Override
                public void ended(boolean forwarded, Optional<RoomException.Code> refusal, Duration took) {}
            };
        }
    }
}
