package dev.noir.history;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A peer's connections at a moment.
 *
 * @param at ms since 1970
 * @param path empty: no connection is up
 * @param rtt ms
 * @param estimate what the line takes towards the peer, bit/s
 * @param sent by the peer, bit/s
 * @param received by the peer, bit/s
 * @param lossUp of what it sends, per mille
 * @param lossDown of what is sent to it, per mille
 * @param pictures of others that are shown to it
 * @param paused those that are not, since its line does not take them
 */
public record Sample(
        long at,
        Optional<Path> path,
        OptionalInt rtt,
        OptionalLong estimate,
        long sent,
        long received,
        OptionalInt lossUp,
        OptionalInt lossDown,
        int pictures,
        int paused) {
    /** What media goes over; TCP if one of the two connections does. */
    public enum Path {
        UDP,
        TCP
    }
}
