package dev.noir.sdp;

/**
 * One simulcast encoding of a track.
 *
 * @param rid RFC 8851 name, empty without simulcast
 * @param ssrc 32 bits, 0 = unknown: learnt from the first packet with the section's mid (and rid)
 * @param rtxSsrc of its repairs (RFC 4588), 0 = none, or learnt alike
 */
public record Encoding(String rid, long ssrc, long rtxSsrc) {
    public Encoding(String rid, long ssrc) {
        this(rid, ssrc, 0);
    }
}
