package dev.noir.event;

import java.util.List;

/**
 * What a peer may do is not what everybody may, or has been changed.
 *
 * @param grants what it may do now, by their names in docs/protocol.md
 * @param waiting it may do nothing of it before a moderator admits it
 */
public record PeerGranted(
        String room, long sequence, String peer, String principal, List<String> grants, boolean waiting)
        implements PeerEvent {
    public PeerGranted {
        grants = List.copyOf(grants);
    }
}
