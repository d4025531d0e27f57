package dev.noir.media;

/**
 * How a loop listens to its rooms, by the audio level that clients send (RFC 6464).
 *
 * @param intervalMs how often it is decided who speaks, in milliseconds
 * @param threshold in -dBov, 0 loud to 127 silent: a packet of at most that level is loud
 * @param filterPercent share of an interval's packets, 20 ms each, that has to be loud for their stream to be active
 * @param loudest streams of a room whose audio is sent on; 0 = all
 */
public record AudioSettings(int intervalMs, int threshold, int filterPercent, int loudest) {

    public static final AudioSettings DEFAULT = new AudioSettings(1000, 40, 20, 0);
}
