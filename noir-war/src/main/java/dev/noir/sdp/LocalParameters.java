package dev.noir.sdp;

import java.util.List;

/**
 * Our end of one transport, as printed in answers and offers.
 *
 * @param sessionId the number of the o-line, constant over the life of the transport; RFC 8829 §5.2.1: 63 random bits
 * @param ice after an ICE restart a new pair
 * @param candidates all of them: we are ICE-lite and know them at once
 */
public record LocalParameters(
        long sessionId, IceCredentials ice, Fingerprint fingerprint, List<IceCandidate> candidates) {
    public LocalParameters {
        candidates = List.copyOf(candidates);
    }

    /** The same transport after an ICE restart. */
    public LocalParameters withIce(IceCredentials restarted) {
        return new LocalParameters(sessionId, restarted, fingerprint, candidates);
    }
}
