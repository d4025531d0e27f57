package dev.noir.sdp;

import org.jspecify.annotations.Nullable;

/**
 * What we have decided about one section of a publisher's offer: accepted as a track or as the data channels, or refused.
 *
 * @param track of an accepted audio or video section
 * @param sctp of an accepted m=application
 * @param sending the client may send on it
 */
record OfferedSection(
        MediaDescription section, @Nullable OfferedTrack track, @Nullable SctpForm sctp, boolean sending) {
    static OfferedSection refused(MediaDescription section) {
        return new OfferedSection(section, null, null, false);
    }

    static OfferedSection track(MediaDescription section, OfferedTrack track, boolean sending) {
        return new OfferedSection(section, track, null, sending);
    }

    static OfferedSection dataChannel(MediaDescription section, SctpForm form) {
        return new OfferedSection(section, null, form, false);
    }

    boolean isAccepted() {
        return track != null || sctp != null;
    }
}
