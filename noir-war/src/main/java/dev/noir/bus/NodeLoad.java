package dev.noir.bus;

/**
 * How much a node has to do.
 *
 * @param cpu share of all processors of the machine in use, 0 to 1
 * @param packetsPerSecond RTP packets forwarded to subscribers
 * @param peers in its rooms
 * @param rooms hosted
 */
public record NodeLoad(double cpu, double packetsPerSecond, int peers, int rooms) {
    public static final NodeLoad NONE = new NodeLoad(0, 0, 0, 0);
}
