package dev.noir.sdp;

/**
 * Where a transport of ours lives. Our user name fragments say it, so that a check that comes to the wrong loop or node can
 * be told (the core's {@code stun/ufrag_place.hpp} reads it).
 *
 * @param node 24 bits of the node's id
 * @param loop the media loop's place among the node's
 * @param room counts the node's rooms
 */
public record IcePlace(int node, int loop, int room) {
    static final int NODE_BITS = 24;
    static final int LOOP_BITS = 8;
    static final int ROOM_BITS = 24;

    public IcePlace {
        if (node >>> NODE_BITS != 0 || loop >>> LOOP_BITS != 0) {
            throw new IllegalArgumentException("no such place: node " + node + ", loop " + loop);
        }
        room &= (1 << ROOM_BITS) - 1;
    }
}
