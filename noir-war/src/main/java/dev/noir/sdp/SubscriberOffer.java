package dev.noir.sdp;

import java.util.List;

/**
 * One offer as sent to a subscriber; the answer is judged against it.
 *
 * @param sessionId the first number of the o-line
 * @param version the second number of the o-line, one more than the last offer's
 * @param sections the media sections in m-line order; m=application is not among them, it is always the first
 */
public record SubscriberOffer(String text, long sessionId, long version, List<SubscriberSection> sections) {
    public SubscriberOffer {
        sections = List.copyOf(sections);
    }
}
