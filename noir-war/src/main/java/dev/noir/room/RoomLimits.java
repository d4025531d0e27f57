package dev.noir.room;

import java.time.Duration;

/**
 * Limits and times that hold for every room of a node.
 *
 * @param maxTracksPerPeer published tracks of one peer; an offer with more is refused
 * @param answerTimeout how long a client may take to answer a subscriber offer before it is offered again
 * @param maxOffers unanswered subscriber offers in a row after which the peer is closed
 * @param resumeGrace how long a resumed peer keeps the sections of tracks that are not back yet
 * @param resumeTimeout within which a resumed peer's subscriber connection must be up
 * @param publisherTimeout within which a resumed peer must have offered its publisher connection again
 */
public record RoomLimits(
        int maxTracksPerPeer,
        Duration answerTimeout,
        int maxOffers,
        Duration resumeGrace,
        Duration resumeTimeout,
        Duration publisherTimeout) {
    // Chromium notices after 5 to 7 s that its publisher connection is dead; ion-sdk-js offers then.
    public static final RoomLimits DEFAULT = new RoomLimits(
            16, Duration.ofSeconds(10), 3, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(20));
}
