package dev.noir.room;

import java.time.Duration;

/**
 * Limits and times of a room.
 *
 * @param maxPeers peers at the same time; the next one is refused
 * @param maxTracksPerPeer published tracks of one peer; an offer with more is refused
 * @param answerTimeout how long a client may take to answer a subscriber offer before it is offered again
 * @param maxOffers unanswered subscriber offers in a row after which the peer is closed
 */
public record RoomOptions(int maxPeers, int maxTracksPerPeer, Duration answerTimeout, int maxOffers) {
    public static final RoomOptions DEFAULT = new RoomOptions(1000, 16, Duration.ofSeconds(10), 3);

    public RoomOptions withMaxPeers(int limit) {
        return new RoomOptions(limit, maxTracksPerPeer, answerTimeout, maxOffers);
    }
}
