package dev.noir.media;

import java.util.List;

/**
 * What negotiation decided about one published track.
 *
 * @param encodings from the lowest quality to the highest
 * @param fir key frames may be asked for by FIR; used without {@code pli} only
 * @param screen declared to be one: never paused for bandwidth
 * @param stream the same for all tracks of one stream (RFC 8830) of a room, as {@link MediaEvents#onSpeakers} names it; 0 =
 *     nobody asks whether it speaks
 */
public record TrackParams(
        MediaKind kind,
        String mid,
        List<CodecParams> codecs,
        List<EncodingParams> encodings,
        boolean nack,
        boolean pli,
        boolean fir,
        boolean transportCc,
        boolean screen,
        int stream) {

    public TrackParams {
        codecs = List.copyOf(codecs);
        encodings = List.copyOf(encodings);
    }
}
