package dev.noir.sfu;

import dev.noir.media.MediaLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Predicate;

/**
 * Media on a port that somebody else listens on: of its connections, those that begin with STUN in a frame (RFC 4571 §2) go to
 * a media loop. HTTP begins with a letter and TLS with 22; a frame begins with the length of a first check, which is short.
 * Nothing is read of a connection before that is known, and it is a matter of its first octets. Thread: any.
 */
final class PagesPort implements Predicate<SocketChannel> {
    private static final Logger LOG = System.getLogger(PagesPort.class.getName());

    /** Of a length, a first check's message type and its magic cookie. */
    private static final int LOOK = 8;

    private static final int LONGEST_HIGH = 5; // A frame of 1536 octets is no first check any more.
    private static final byte[] BINDING_REQUEST = {0, 1};
    private static final byte[] MAGIC_COOKIE = {0x21, 0x12, (byte) 0xA4, 0x42};
    private static final int TYPE_AT = 2;
    private static final int COOKIE_AT = 6;

    private final List<LoopHost> hosts;

    PagesPort(List<LoopHost> hosts) {
        this.hosts = List.copyOf(hosts);
    }

    /** False, with a warning, on a JDK that does not say what its sockets are. */
    static boolean isPossible() {
        boolean possible = MediaLoop.canAdopt();
        if (!possible) {
            LOG.log(
                    Level.WARNING,
                    "This JDK does not tell the file descriptor of a socket: no media over the port of the pages");
        }
        return possible;
    }

    /**
     * Whether a loop has taken the connection, or nobody is to have it; then the caller closes its channel without a shutdown.
     * To be asked when something has come and nothing has been read.
     */
    @Override
    public boolean test(SocketChannel connection) {
        byte[] first = new byte[LOOK];
        int there = MediaLoop.peek(connection, first);
        return there > 0 && looksLikeMedia(first, there) && adopt(connection);
    }

    /** Which loop the connection belongs to, its first check says; any can take it. */
    private boolean adopt(SocketChannel connection) {
        boolean adopted = hosts.stream().filter(LoopHost::isAlive).anyMatch(host -> host.adopt(connection));
        if (!adopted) {
            LOG.log(Level.DEBUG, "no loop has room for a connection");
        }
        return true;
    }

    /** As far as it is there: what does not look like HTTP or TLS is of no use to a server of pages. */
    static boolean looksLikeMedia(byte[] first, int there) {
        return first[0] >= 0
                && first[0] <= LONGEST_HIGH
                && isThere(first, there, TYPE_AT, BINDING_REQUEST)
                && isThere(first, there, COOKIE_AT, MAGIC_COOKIE);
    }

    private static boolean isThere(byte[] first, int there, int at, byte[] expected) {
        for (int i = 0; i < expected.length && at + i < Math.min(there, LOOK); i++) {
            if (first[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
