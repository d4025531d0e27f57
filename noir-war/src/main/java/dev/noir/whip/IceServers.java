package dev.noir.whip;

import java.util.ArrayList;
import java.util.List;

/**
 * STUN and TURN servers that clients are told of by {@code Link} (RFC 9725 §4.6). None is needed to reach us; they are for clients
 * that others let through to a relay alone. Pure.
 *
 * @param uris in their order
 * @param username at the TURN servers; empty: they ask for none
 * @param credential the password there; neither may have a quotation mark in it
 */
public record IceServers(List<String> uris, String username, String credential) {
    public static final IceServers NONE = new IceServers(List.of(), "", "");

    public IceServers {
        uris = List.copyOf(uris);
    }

    /** For who is let in, a header each, since some clients look at one of each only. */
    List<String> links() {
        return links(true);
    }

    /**
     * Before anybody is let in: of servers with a password only those who are known are told.
     *
     * @param known who asks has shown who he is
     */
    List<String> links(boolean known) {
        List<String> links = new ArrayList<>();
        for (String uri : uris) {
            boolean secret = uri.startsWith("turn") && !username.isEmpty();
            if (!secret) {
                links.add("<" + uri + ">; rel=\"ice-server\"");
            } else if (known) {
                links.add("<" + uri + ">; rel=\"ice-server\"; username=\"" + username + "\"; credential=\"" + credential
                        + "\"; credential-type=\"password\"");
            }
        }
        return links;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "IceServers" + uris;
    }
}
