package dev.noir.media;

/**
 * What strangers can make one loop hold.
 *
 * @param maxChannelsPerTransport open at once; each takes 200 bytes of SCTP streams from the start
 * @param maxMessageBytes largest data channel message, either way
 * @param maxPacketBuffers received datagrams held at once, retransmission buffers included; their size and 80 bytes each, 1.5 KB at most
 */
public record MediaLimits(
        int maxTransports,
        int maxTracksPerTransport,
        int maxDownTracksPerTransport,
        int maxChannelsPerTransport,
        int maxMessageBytes,
        int maxPacketBuffers) {

    public static final MediaLimits DEFAULT = new MediaLimits(20_000, 64, 512, 16, 65_536, 1 << 20);

    public MediaLimits {
        requirePositive(maxTransports, "maxTransports");
        requirePositive(maxTracksPerTransport, "maxTracksPerTransport");
        requirePositive(maxDownTracksPerTransport, "maxDownTracksPerTransport");
        requirePositive(maxChannelsPerTransport, "maxChannelsPerTransport");
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(maxPacketBuffers, "maxPacketBuffers");
    }

    private static void requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
