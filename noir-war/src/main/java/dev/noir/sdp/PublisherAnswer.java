package dev.noir.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a publisher's offer and everything the media plane has to know about it.
 *
 * @param text the SDP to send back
 * @param version the second number of our o-line
 * @param tracks the accepted audio and video sections in m-line order, inactive ones too ({@code sending} = false)
 * @param extensions ids of all sections, which share one transport: so many sets that each id is in one
 * @param hasDataChannel an m=application section was accepted
 * @param transportMid of the section whose transport all of them share
 * @param shape mid and media type of every section, accepted or not; the next offer must continue it
 */
public record PublisherAnswer(
        String text,
        long version,
        RemoteParameters remote,
        List<PublishedTrack> tracks,
        List<ExtensionIds> extensions,
        boolean hasDataChannel,
        String transportMid,
        List<SectionShape> shape) {
    public PublisherAnswer {
        tracks = List.copyOf(tracks);
        extensions = List.copyOf(extensions);
        shape = List.copyOf(shape);
    }

    /** What a later offer on the same transport must not change: the kind of section at one place (RFC 8829 §5.2.2). */
    public record SectionShape(String media, String mid) {}

    /** Answers an offer, and takes everything that the client wants to send. */
    static PublisherAnswer create(SessionDescription offer, LocalParameters local, @Nullable PublisherAnswer previous) {
        return PublisherOffer.read(offer, previous, SectionFilter.ALL).answer(local);
    }
}
