package dev.noir.media;

import java.util.Arrays;

/**
 * The client's half of a transport, known once its offer or answer is there.
 *
 * @param fingerprintsSha256 of the certificates that it may show, one to four of 32 bytes behind each other (RFC 8122 §5)
 * @param passive {@code a=setup:passive}: it waits for our ClientHello (RFC 8842 §5)
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, compared by content.
public record RemoteParams(String ufrag, String pwd, byte[] fingerprintsSha256, boolean passive) {

    private static final int MOST_FINGERPRINTS = 4;
    private static final int SHA256_BYTES = 32;

    public RemoteParams {
        int length = fingerprintsSha256.length;
        if (length == 0 || length > MOST_FINGERPRINTS * SHA256_BYTES || length % SHA256_BYTES != 0) {
            throw new IllegalArgumentException("one to four SHA-256 fingerprints have 32 bytes each, not " + length);
        }
        fingerprintsSha256 = fingerprintsSha256.clone();
    }

    @Override
    public byte[] fingerprintsSha256() {
        return fingerprintsSha256.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RemoteParams that
                && ufrag.equals(that.ufrag)
                && pwd.equals(that.pwd)
                && passive == that.passive
                && Arrays.equals(fingerprintsSha256, that.fingerprintsSha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fingerprintsSha256);
    }

    /** Without the password: this may be logged. */
    @Override
    public String toString() {
        return "RemoteParams[ufrag=" + ufrag + ", passive=" + passive + "]";
    }
}
