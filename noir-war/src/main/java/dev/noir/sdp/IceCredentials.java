package dev.noir.sdp;

import java.util.random.RandomGenerator;

/** One side's ICE user name fragment and password (RFC 8839 §5.4). */
public record IceCredentials(String ufrag, String pwd) {
    private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int MAX_CHARS = 256;

    // RFC 8839 §5.4 asks for 24 and 128 bits; with 6 bits a character these have 48 and 192.
    private static final int UFRAG_CHARS = 8;
    private static final int PWD_CHARS = 32;

    public IceCredentials {
        check("ice-ufrag", ufrag, 4);
        check("ice-pwd", pwd, 22);
    }

    /** Makes credentials; {@code random} has to be a cryptographic one outside tests. */
    public static IceCredentials generate(RandomGenerator random) {
        return new IceCredentials(iceChars(random, UFRAG_CHARS), iceChars(random, PWD_CHARS));
    }

    private static String iceChars(RandomGenerator random, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
        }
        return text.toString();
    }

    private static void check(String name, String value, int minChars) {
        if (value.length() < minChars || value.length() > MAX_CHARS) {
            throw new SdpException("a=" + name + " must have " + minChars + " to " + MAX_CHARS + " characters");
        }
        for (int i = 0; i < value.length(); i++) {
            // Some clients use "-" and "_" (RFC 8839 does not allow them); STUN carries them all the same.
            if (ICE_CHARS.indexOf(value.charAt(i)) < 0 && value.charAt(i) != '-' && value.charAt(i) != '_') {
                throw new SdpException("a=" + name + " has a character that ICE does not allow");
            }
        }
    }
}
