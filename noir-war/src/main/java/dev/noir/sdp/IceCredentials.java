package dev.noir.sdp;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/** One side's ICE user name fragment and password (RFC 8839 §5.4). */
public record IceCredentials(String ufrag, String pwd) {
    private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int MAX_CHARS = 256;

    // RFC 8445 §5.3 asks for 24 and 128 bits; these have 40, behind those of the place, and 192.
    private static final int UFRAG_RANDOM_BITS = 40;
    private static final int PWD_CHARS = 32;

    private static final int CHAR_BITS = 6;

    public IceCredentials {
        check("ice-ufrag", ufrag, 4);
        check("ice-pwd", pwd, 22);
    }

    /** Makes credentials; {@code random} has to be a cryptographic one outside tests. */
    public static IceCredentials generate(IcePlace place, RandomGenerator random) {
        return new IceCredentials(ufrag(place, random), iceChars(random, PWD_CHARS));
    }

    /** Base64 (RFC 4648) of node, loop, room and random bits: 16 characters. */
    private static String ufrag(IcePlace place, RandomGenerator random) {
        long high = ((long) place.node() << (IcePlace.LOOP_BITS + IcePlace.ROOM_BITS))
                | ((long) place.loop() << IcePlace.ROOM_BITS)
                | place.room();
        BigInteger bits = BigInteger.valueOf(high)
                .shiftLeft(UFRAG_RANDOM_BITS)
                .or(BigInteger.valueOf(random.nextLong(1L << UFRAG_RANDOM_BITS)));
        int chars = (IcePlace.NODE_BITS + IcePlace.LOOP_BITS + IcePlace.ROOM_BITS + UFRAG_RANDOM_BITS) / CHAR_BITS;
        StringBuilder text = new StringBuilder(chars);
        for (int i = chars - 1; i >= 0; i--) {
            text.append(ICE_CHARS.charAt(bits.shiftRight(i * CHAR_BITS).intValue() & (ICE_CHARS.length() - 1)));
        }
        return text.toString();
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
