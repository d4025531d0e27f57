package dev.noir.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A subscriber's answer, checked against our offer.
 *
 * @param sections one per media section of the offer, in the same order
 */
public record SubscriberAnswer(RemoteParameters remote, boolean hasDataChannel, List<Section> sections) {
    public SubscriberAnswer {
        sections = List.copyOf(sections);
    }

    /** What became of an offered section. */
    public enum State {
        /** The client will receive; {@link Section} has all a down track needs. */
        ACCEPTED,
        /** Nothing flows: we offered it inactive, or the client does not want it. */
        INACTIVE,
        /** Refused for good (port 0), e.g. no common codec; this m-line is used up. */
        REJECTED
    }

    /**
     * One answered section.
     *
     * @param payloads only those the client accepted; payload types for RTX are {@link PayloadMapping#NO_RTX} if refused
     * @param rtxSsrc 0 = no RTX
     */
    public record Section(
            String mid,
            State state,
            long ssrc,
            long rtxSsrc,
            String cname,
            List<PayloadMapping> payloads,
            ExtensionIds extensions) {
        public Section {
            payloads = List.copyOf(payloads);
        }
    }

    /** Looks up a section by mid. */
    public Optional<Section> section(String mid) {
        return sections.stream().filter(s -> s.mid().equals(mid)).findFirst();
    }

    /**
     * Parses the answer to {@code offer}.
     *
     * @throws SdpException when it is malformed, answers another offer, or does not leave us the DTLS server
     */
    public static SubscriberAnswer parse(SubscriberOffer offer, String answerText) {
        return new SubscriberAnswerReader(offer, SessionDescription.parse(answerText)).read();
    }
}
