package dev.noir.room;

/**
 * Says who hosts a room.
 *
 * @param room the room
 * @param node the owning node
 * @param epoch fencing number: grows with every new owner; writes with an older one are refused
 */
public record RoomLease(RoomId room, String node, long epoch) {}
