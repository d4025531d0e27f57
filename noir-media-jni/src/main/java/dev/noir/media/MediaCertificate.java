package dev.noir.media;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The node's DTLS identity: a self-signed ECDSA P-256 certificate and its key, shared by all loops.
 *
 * @param der the X.509 certificate
 * @param privateKeyDer the private key, PKCS #8; keep it to yourself
 */
@SuppressWarnings("ArrayRecordComponent") // Copied in and out, compared by content.
public record MediaCertificate(byte[] der, byte[] privateKeyDer) {

    public MediaCertificate {
        der = der.clone();
        privateKeyDer = privateKeyDer.clone();
    }

    /** Makes a new one. Loads the native library. */
    public static MediaCertificate generate() {
        NativeLibrary.load();
        ByteBuffer parts = ByteBuffer.wrap(Native.generateCertificate()).order(Wire.ORDER);
        byte[] der = Wire.readBytes(parts);
        byte[] key = Wire.readBytes(parts);
        return new MediaCertificate(der, key);
    }

    @Override
    public byte[] der() {
        return der.clone();
    }

    @Override
    public byte[] privateKeyDer() {
        return privateKeyDer.clone();
    }

    /** What goes into {@code a=fingerprint:sha-256}. */
    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(der);
        } catch (NoSuchAlgorithmException e) {
            throw new MediaException(ErrorCode.CRYPTO, "every Java platform has SHA-256, this one not", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MediaCertificate that
                && Arrays.equals(der, that.der)
                && Arrays.equals(privateKeyDer, that.privateKeyDer);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }

    /** Without the key: this may be logged. */
    @Override
    public String toString() {
        return "MediaCertificate[" + der.length + " bytes]";
    }
}
