package dev.noir.recording;

/** A frame in a cluster (RFC 9559 §10.2). */
final class MatroskaBlock {
    private static final int SIMPLE_BLOCK = 0xA3;
    private static final int HEAD_BYTES = 4;
    private static final int KEY = 0x80;

    private MatroskaBlock() {}

    /**
     * Writes one.
     *
     * @param track its number, from 1 to 126
     * @param offsetMs since the time of its cluster, in ms; 16 bits with a sign
     */
    static void write(Ebml to, int track, long offsetMs, boolean key, byte[] frame) {
        // Its head: the track's number as a size of one byte, the time within the cluster, flags.
        to.head(SIMPLE_BLOCK, frame.length + (long) HEAD_BYTES)
                .raw(0x80 | track, 1)
                .raw(offsetMs, Short.BYTES)
                .raw(key ? KEY : 0, 1)
                .raw(frame);
    }
}
