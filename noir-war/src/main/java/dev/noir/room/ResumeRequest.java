package dev.noir.room;

/**
 * A peer that was in the room when its host died, brought back by the node that has its socket: its connections exist in the
 * browser, so they must be continued.
 *
 * @param room the room, made again if need be
 * @param peer its name there
 * @param config as it joined
 * @param offer the last subscriber offer the client was sent; empty: it got none
 * @param answer the client's last subscriber answer, perhaps to an earlier offer; empty: it gave none
 */
public record ResumeRequest(RoomId room, PeerName peer, JoinConfig config, String offer, String answer) {}
