package dev.noir.room;

import dev.noir.access.OwnPolicy;
import dev.noir.access.RoomHashes;
import java.time.Duration;
import java.util.Optional;

/**
 * What may differ from room to room. Read when the room is opened, and in force until it is closed.
 *
 * @param title for people
 * @param maxPeers peers at the same time; the next one is refused
 * @param maxPublishers peers that send media at the same time; 0 = all may
 * @param maxAge after which the room is ended with everybody in it; zero = it lives until it is empty
 * @param reserve how long after such an end the name stays refused
 * @param channel one peer at a time sends, at most one audio and one video track
 * @param passwords in the place of those that policies lay down
 * @param policy of its own, laid over that of the file
 * @param record whether it is recorded from its first peer on; empty: as the server does with rooms of that name
 */
public record RoomOptions(
        String title,
        int maxPeers,
        int maxPublishers,
        Duration maxAge,
        Duration reserve,
        boolean channel,
        RoomHashes passwords,
        OwnPolicy policy,
        Optional<Boolean> record) {
    public static final RoomOptions DEFAULT = new RoomOptions(
            "", 1000, 0, Duration.ZERO, Duration.ZERO, false, RoomHashes.NONE, OwnPolicy.NONE, Optional.empty());

    public RoomOptions withMaxPeers(int limit) {
        return new RoomOptions(title, limit, maxPublishers, maxAge, reserve, channel, passwords, policy, record);
    }

    public RoomOptions withMaxPublishers(int limit) {
        return new RoomOptions(title, maxPeers, limit, maxAge, reserve, channel, passwords, policy, record);
    }

    /** Ends after {@code age}; the name then stays refused for {@code kept}. */
    public RoomOptions withMaxAge(Duration age, Duration kept) {
        return new RoomOptions(title, maxPeers, maxPublishers, age, kept, channel, passwords, policy, record);
    }

    public RoomOptions asChannel() {
        return new RoomOptions(title, maxPeers, maxPublishers, maxAge, reserve, true, passwords, policy, record);
    }

    public RoomOptions withPasswords(RoomHashes hashes) {
        return new RoomOptions(title, maxPeers, maxPublishers, maxAge, reserve, channel, hashes, policy, record);
    }

    boolean ends() {
        return maxAge.compareTo(Duration.ZERO) > 0;
    }

    /** 0 = all may publish. */
    int publisherLimit() {
        return channel ? 1 : maxPublishers;
    }
}
