package dev.noir.media;

import java.util.Arrays;

/**
 * The client's half of a transport, known once its offer or answer is there.
 *
 * @param passive {@code a=setup:passive}: it waits for our ClientHello (RFC 8842 §5)
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, compared by content.
public record RemoteParams(String ufrag, String pwd, byte[] fingerprintSha256, boolean passive) {

    private static final int SHA256_BYTES = 32;

    public RemoteParams {
        if (fingerprintSha256.length != SHA256_BYTES) {
            throw new IllegalArgumentException("a SHA-256 fingerprint has 32 bytes, not " + fingerprintSha256.length);
        }
        fingerprintSha256 = fingerprintSha256.clone();
    }

    @Override
    public byte[] fingerprintSha256() {
        return fingerprintSha256.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RemoteParams that
                && ufrag.equals(that.ufrag)
                && pwd.equals(that.pwd)
                && passive == that.passive
                && Arrays.equals(fingerprintSha256, that.fingerprintSha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fingerprintSha256);
    }

    /** Without the password: this may be logged. */
    @Override
    public String toString() {
        return "RemoteParams[ufrag=" + ufrag + ", passive=" + passive + "]";
    }
}
