package dev.noir.media;

/**
 * One simulcast encoding of a published track; a track without simulcast has one, with an empty rid.
 *
 * @param ssrc 0 = learnt from the first packet with the track's mid (and rid)
 * @param rtxSsrc of its repairs (RFC 4588); 0 = learnt alike, by the repaired rid
 */
public record EncodingParams(String rid, long ssrc, long rtxSsrc) {
    public EncodingParams(String rid, long ssrc) {
        this(rid, ssrc, 0);
    }
}
