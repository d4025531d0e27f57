package dev.noir.room;

import java.util.List;

/**
 * How full a room is. Who attends the lobby does not count.
 *
 * @param publishers peers that send media
 * @param subscribers peers that want to be offered tracks
 */
public record RoomCounts(RoomId room, int peers, int publishers, int subscribers) {
    static RoomCounts of(RoomId room, List<Peer> members) {
        int publishers = (int) members.stream().filter(Peer::publishes).count();
        int subscribers = (int)
                members.stream().filter(peer -> peer.config().subscribes()).count();
        return new RoomCounts(room, members.size(), publishers, subscribers);
    }
}
