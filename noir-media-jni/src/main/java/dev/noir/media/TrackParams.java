package dev.noir.media;

import java.util.List;

/**
 * What negotiation decided about one published track.
 *
 * @param encodings from the lowest quality to the highest
 */
public record TrackParams(
        MediaKind kind,
        String mid,
        List<CodecParams> codecs,
        List<EncodingParams> encodings,
        boolean nack,
        boolean pli,
        boolean transportCc) {

    public TrackParams {
        codecs = List.copyOf(codecs);
        encodings = List.copyOf(encodings);
    }
}
