package dev.noir.media;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a loop is opened with.
 *
 * @param port UDP and TCP port, the same on every address; 0 = any free one
 * @param bindAddresses one socket each; the order is that of the local candidates
 * @param node what is in the user name fragments of its transports' ICE credentials, so that checks for other nodes can be
 *     told apart: 24 bits
 * @param audio how rooms are listened to
 * @param tcp also listens for connections on that port (RFC 6544), if it can be had
 * @param playoutDelay of all video, in place of what publishers say
 */
public record MediaConfig(
        int port,
        List<InetAddress> bindAddresses,
        MediaCertificate certificate,
        MediaLimits limits,
        int node,
        AudioSettings audio,
        boolean tcp,
        Optional<PlayoutDelay> playoutDelay) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_NODE = (1 << 24) - 1;

    public MediaConfig {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("no such port: " + port);
        }
        if (node < 0 || node > MAX_NODE) {
            throw new IllegalArgumentException("no such node: " + node);
        }
        if (bindAddresses.isEmpty()) {
            throw new IllegalArgumentException("no address to bind");
        }
        bindAddresses = List.copyOf(bindAddresses);
    }

    public MediaConfig(int port, List<InetAddress> bindAddresses, MediaCertificate certificate) {
        this(port, bindAddresses, certificate, MediaLimits.DEFAULT, 0, AudioSettings.DEFAULT, true, Optional.empty());
    }
}
