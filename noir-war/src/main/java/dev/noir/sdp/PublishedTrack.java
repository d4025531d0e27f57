package dev.noir.sdp;

import java.util.List;

/**
 * What negotiation decided about one audio or video section of a publisher.
 *
 * @param streamId the client's {@code LocalStream.id}, an opaque token (Firefox writes braces around it)
 * @param codecs in the client's order of preference; the first is what it sends unless told otherwise
 * @param encodings from the lowest quality to the highest; exactly one without simulcast
 * @param nack true when at least one codec has {@code rtcp-fb nack}
 * @param sending false while the section is inactive, e.g. after unpublish, or because the client may not send this
 * @param screen the pictures are declared to be those of a screen; false for audio
 */
public record PublishedTrack(
        String mid,
        MediaKind kind,
        String streamId,
        String trackId,
        List<CodecParameters> codecs,
        List<Encoding> encodings,
        ExtensionIds extensions,
        boolean nack,
        boolean pli,
        boolean transportCc,
        boolean sending,
        boolean screen) {
    public PublishedTrack {
        codecs = List.copyOf(codecs);
        encodings = List.copyOf(encodings);
    }
}
