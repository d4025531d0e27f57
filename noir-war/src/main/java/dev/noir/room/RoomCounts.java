package dev.noir.room;

/**
 * How full a room is.
 *
 * @param publishers peers that send media
 * @param subscribers peers that want to be offered tracks
 */
public record RoomCounts(RoomId room, int peers, int publishers, int subscribers) {}
