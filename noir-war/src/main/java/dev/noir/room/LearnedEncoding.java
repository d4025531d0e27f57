package dev.noir.room;

import dev.noir.sdp.Encoding;

/**
 * Which SSRCs the encoding of a publisher's section has that is named by a rid. Browsers write rids into packets only until they are
 * acknowledged (RFC 8852), so whoever goes on with a room cannot find them out again.
 *
 * @param mid of the section
 * @param ssrc 32 bits; 0: not known yet
 * @param rtxSsrc of its repairs; 0: not known yet, or none
 */
public record LearnedEncoding(String mid, String rid, long ssrc, long rtxSsrc) {
    private static final int MAX_NAME_CHARS = 255;
    private static final long MAX_SSRC = 0xFFFF_FFFFL;

    public LearnedEncoding {
        if (mid.length() > MAX_NAME_CHARS || rid.isEmpty() || rid.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("no encoding has such a name");
        }
        if (ssrc < 0 || ssrc > MAX_SSRC || rtxSsrc < 0 || rtxSsrc > MAX_SSRC) {
            throw new IllegalArgumentException("an SSRC has 32 bits");
        }
    }

    /** What is said again of the same encoding stands in place of what was said before. */
    boolean isOfSame(LearnedEncoding other) {
        return mid.equals(other.mid) && rid.equals(other.rid);
    }

    /** Whether it says something of an encoding that says nothing itself. */
    boolean isOf(String section, Encoding encoding) {
        return mid.equals(section) && rid.equals(encoding.rid()) && encoding.ssrc() == 0;
    }
}
