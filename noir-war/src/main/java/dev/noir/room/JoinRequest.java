package dev.noir.room;

/**
 * What a client asks for when it joins.
 *
 * @param room the room, made if need be
 * @param peer its name there
 * @param offer SDP of its publisher connection
 * @param config what it does without
 */
public record JoinRequest(RoomId room, PeerName peer, String offer, JoinConfig config) {}
