package dev.noir.sdp;

import java.util.List;
import java.util.Map;

/**
 * What negotiation decided about one audio or video section of a publisher.
 *
 * @param streamId the client's {@code LocalStream.id} (Firefox writes braces around it); as it came, see {@link #isUsableId}
 * @param codecs in the client's order of preference; the first is what it sends unless told otherwise
 * @param repairs payload types, each with that of its RTX (RFC 4588); not of all of them
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
        Map<Integer, Integer> repairs,
        List<Encoding> encodings,
        ExtensionIds extensions,
        boolean nack,
        boolean pli,
        boolean fir,
        boolean transportCc,
        boolean sending,
        boolean screen) {
    /** RFC 8830 §2: stands where a stream id would. */
    static final String NO_STREAM = "-";

    private static final int MAX_ID_CHARS = 128;

    public PublishedTrack {
        codecs = List.copyOf(codecs);
        repairs = Map.copyOf(repairs);
        encodings = List.copyOf(encodings);
    }

    /**
     * RFC 8830 §2: a stream or track id that others may be shown, a token of bounded length. Firefox refuses a whole
     * description for one character that is not ASCII. Pages put names into ids, hence more than the RFC's 64 characters.
     */
    public static boolean isUsableId(String id) {
        return id.length() <= MAX_ID_CHARS && Tokens.isToken(id) && !id.equals(NO_STREAM);
    }

    /**
     * A track that the server itself brings into a room: its frames come from a file, or another source that no description speaks of.
     *
     * @param codec not {@link Codec#RED}
     * @param codecPrivate what Matroska's CodecPrivate would be, which says the profile of H264 (AVCDecoderConfigurationRecord), AV1
     *     (AV1CodecConfigurationRecord) and VP9 (its features); may be empty
     * @throws SdpException when it says a profile that we don't forward, or the codec is RED
     */
    public static PublishedTrack injected(Codec codec, byte[] codecPrivate, String streamId, String trackId) {
        return new PublishedTrack(
                codec.kind() == MediaKind.VIDEO ? "video" : "audio",
                codec.kind(),
                streamId,
                trackId,
                List.of(InjectedCodec.of(codec, codecPrivate)),
                Map.of(),
                List.of(new Encoding("", 0)),
                ExtensionIds.NONE,
                false,
                codec.kind() == MediaKind.VIDEO,
                false,
                false,
                true,
                false);
    }

    /** The same track, of whose encodings more is known. */
    public PublishedTrack withEncodings(List<Encoding> known) {
        return new PublishedTrack(
                mid,
                kind,
                streamId,
                trackId,
                codecs,
                repairs,
                known,
                extensions,
                nack,
                pli,
                fir,
                transportCc,
                sending,
                screen);
    }

    /** The same track under other ids. */
    public PublishedTrack withIds(String newStreamId, String newTrackId) {
        return new PublishedTrack(
                mid,
                kind,
                newStreamId,
                newTrackId,
                codecs,
                repairs,
                encodings,
                extensions,
                nack,
                pli,
                fir,
                transportCc,
                sending,
                screen);
    }
}
