package dev.noir.boot;

import dev.noir.config.NoirConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Whom others know this node by. */
record NodeId(String text) {
    private static final int SHORT_BITS = 24;

    /** The configured one, else one of its own. */
    static NodeId of(NoirConfig config) {
        return new NodeId(
                config.clusterNodeId().isEmpty()
                        ? HexFormat.of().toHexDigits(new SecureRandom().nextInt())
                        : config.clusterNodeId());
    }

    /**
     * What ICE user name fragments have room for: the first 24 bits of its SHA-256, so that whatever stands before the nodes
     * can know it, too.
     */
    int shortened() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getInt() >>> (Integer.SIZE - SHORT_BITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform has it.
        }
    }
}
