package dev.noir.access;

import java.util.Optional;
import java.util.Set;

/**
 * Who is at the other end of a socket, as found at its handshake. Immutable; nodes of a cluster that share a secret tell it to
 * each other.
 *
 * @param principal the name that the server's realm or a verified token gives; empty: anonymous
 * @param roles those of the roles which noiR's settings and policies ask about that the caller is in
 * @param means how that was found
 * @param address the remote address as text, of the client itself where a trusted proxy tells; empty: unknown
 */
public record Caller(String principal, Set<String> roles, Means means, String address) {
    /** Nobody in particular, from nowhere in particular. */
    public static final Caller ANONYMOUS = new Caller("", Set.of(), Means.NONE, "");

    /** How a caller has shown who it is. */
    public enum Means {
        /** Not at all. */
        NONE,
        /** To the server: BASIC, FORM, a client certificate, OpenID Connect, whatever realm stands behind. */
        CONTAINER,
        /** By a token that noiR has verified. */
        TOKEN,
        /**
         * By a token that a node has made for a program of its own that plays to those who wait in a lobby. Nobody else can be that: no
         * login and no token of others leads here.
         */
        ATTENDANT
    }

    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean isAnonymous() {
        return principal.isEmpty();
    }

    /** It is there for those who wait in a lobby, and for nobody else. */
    public boolean attends() {
        return means == Means.ATTENDANT;
    }

    /** The name, if there is one. */
    public Optional<String> name() {
        return principal.isEmpty() ? Optional.empty() : Optional.of(principal);
    }

    /** The same in no role; one who attends a lobby still does, or it would be heard by the meeting. */
    public Caller withoutRoles() {
        return new Caller(principal, Set.of(), means, address);
    }

    /** From this address. */
    public Caller at(String remoteAddress) {
        return new Caller(principal, roles, means, remoteAddress);
    }
}
