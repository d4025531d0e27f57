package dev.noir.sdp;

import java.util.random.RandomGenerator;

/**
 * What we offer on one subscriber transport, over its whole life: m=application with mid "0" first, then one section per
 * down track. Mids and payload types are stable; a section whose inactivity the client has confirmed takes the next
 * track of the same kind, so that offers do not grow with every leaver.
 *
 * <p>Thread: rooms (not synchronised).
 */
public final class SubscriberSession {
    /** @param random draws SSRCs */
    public SubscriberSession(RandomGenerator random) {}

    /**
     * Gives the track a section and returns its mid.
     *
     * @throws SdpException when the session is full (sections or payload types)
     */
    public String addTrack(PublishedTrack track) {
        if (track.codecs().isEmpty()) {
            throw new SdpException("the track has no codec");
        }
        throw new SdpException("not yet");
    }

    /** Makes the section inactive; unknown mids are ignored. */
    public void removeTrack(String mid) {}

    /** True when something changed since the last offer, so that a new one is due. */
    public boolean needsOffer() {
        return false;
    }

    /** Prints the next offer. Call it only while no other offer is outstanding. */
    public SubscriberOffer offer(LocalParameters local) {
        if (local.candidates().isEmpty()) {
            throw new SdpException("we have no candidates");
        }
        throw new SdpException("not yet");
    }

    /** Takes note of an answer to the last offer: confirmed inactive sections may be used again. */
    public void apply(SubscriberOffer offer, SubscriberAnswer answer) {}
}
