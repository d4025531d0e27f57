package dev.noir.route;

import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.Reply;
import dev.noir.room.ResumeRequest;
import java.util.List;

/**
 * One peer's place at the node that hosts its room, for as long as it has it there. What the host says on its own account goes
 * to the {@link Route}. Outcomes arrive at the {@link Reply} as tasks of the route, perhaps before the call returns, in one row
 * with what the host says. Thread: the route's task.
 */
interface RoomHost {
    String node();

    /** Refused with MOVED when another node has the room. */
    void join(JoinRequest request, Reply reply);

    /** Refused with MOVED when another node has the room. */
    void resume(ResumeRequest request, Reply reply);

    void offer(String sdp, Reply reply);

    void answer(String sdp, Reply reply);

    /** Answered by {@link Reply#result}. */
    void moderate(ModerationCommand command, Reply reply);

    /** The client does not need the place any more. */
    void leave();

    /** The place is gone, or never was; nothing is told to the host, and nothing of it is listened to. */
    void forget();

    /** What was asked will not be answered any more: the store is away. */
    void failRequests();

    /** The publisher offers that nobody has answered: another host can. Whatever else was asked has failed. */
    List<PublisherOffer> takeOffers();

    /** An offer and who waits for its answer. */
    record PublisherOffer(String sdp, Reply reply) {}
}
