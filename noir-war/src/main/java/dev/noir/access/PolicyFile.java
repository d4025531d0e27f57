package dev.noir.access;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The policies of a file, read again when it has changed. While what is in it cannot be used, what it said before stays in force.
 *
 * <p>Thread: {@link #get} any; {@link #refresh} whichever, one at a time; it reads the disk.
 */
public final class PolicyFile implements Supplier<Policies> {
    private static final Logger LOG = System.getLogger(PolicyFile.class.getName());
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    // Given.
    private final Path path;
    private final RoomPolicy defaults;

    // State of refresh, guarded by itself: what has been judged, and what there was at the last look.
    private byte[] lastSeen;
    private byte[] changing;
    private boolean unreadable;

    // Written by refresh, read by any thread.
    private volatile Policies inForce;

    private PolicyFile(Path path, RoomPolicy defaults) throws IOException, PolicySyntaxException {
        this.path = path;
        this.defaults = defaults;
        this.lastSeen = read(path);
        this.changing = lastSeen;
        this.inForce = PolicyParser.parse(decoded(lastSeen), defaults);
    }

    /**
     * Throws {@link IllegalArgumentException} with the line and what is wrong there, in words for the administrator. It has no
     * cause: the innermost message of a failed start is the one that is shown.
     */
    @SuppressWarnings("UnusedException")
    public static PolicyFile open(Path path, RoomPolicy defaults) {
        try {
            return new PolicyFile(path, defaults);
        } catch (IOException e) {
            throw new IllegalArgumentException("noir.access.policy: cannot read " + path + ": " + e);
        } catch (PolicySyntaxException e) {
            throw new IllegalArgumentException("noir.access.policy: " + path + ", " + e.getMessage());
        }
    }

    @Override
    public Policies get() {
        return inForce;
    }

    /**
     * Looks whether the file has changed. To be called every few seconds: a change is taken when two looks have seen the same, for
     * whoever writes the file may be in the midst of it.
     */
    public synchronized void refresh() {
        try {
            byte[] now = read(path);
            unreadable = false;
            // All of it is compared: a file that is changed twice in a second may keep its time and its length.
            boolean settled = Arrays.equals(now, changing);
            changing = now;
            if (settled && !Arrays.equals(now, lastSeen)) {
                take(now);
            }
        } catch (PolicySyntaxException e) {
            LOG.log(Level.ERROR, "{0}, {1}. What it said before stays in force", path, e.getMessage());
        } catch (IOException e) {
            if (!unreadable) {
                LOG.log(Level.ERROR, "{0} cannot be read, what it said stays in force: {1}", path, e.toString());
            }
            unreadable = true;
        }
    }

    private void take(byte[] now) throws PolicySyntaxException {
        boolean hadText = !isBlank(lastSeen);
        lastSeen = now;
        if (isBlank(now) && (hadText || inForce.size() > 0)) {
            // A full disk, a copy that was cut short: whoever wants no rules can say so in a comment.
            throw new PolicySyntaxException("the file is empty; for no policies at all, leave a comment in it");
        }
        inForce = PolicyParser.parse(decoded(now), defaults);
        LOG.log(Level.INFO, "{0} has changed; rules in force now: {1}", path, inForce.size());
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte one : bytes) {
            if (one != ' ' && one != '\t' && one != '\r' && one != '\n') {
                return false;
            }
        }
        return true;
    }

    private static byte[] read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static String decoded(byte[] bytes) throws PolicySyntaxException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PolicySyntaxException("not UTF-8");
        }
    }
}
