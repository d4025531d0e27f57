package dev.noir.event;

import java.util.Set;

/**
 * What reaches nobody of a peer's media has been changed.
 *
 * @param kinds {@code audio}, {@code video}: all of it, now
 * @param streams single ones, now
 */
public record PeerSquelched(
        String room, long sequence, String peer, String principal, Set<String> kinds, Set<String> streams)
        implements PeerEvent {
    public PeerSquelched {
        kinds = Set.copyOf(kinds);
        streams = Set.copyOf(streams);
    }
}
