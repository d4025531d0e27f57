package dev.noir.room;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Data channels that clients open for each other: a label is a bus of the room. Whoever opens it on its publisher
 * connection speaks and hears there; everybody else gets a channel of that label on the subscriber connection. A
 * message goes to all but its sender. Thread: rooms.
 */
final class UserChannels {
    static final String API_LABEL = "ion-sfu";

    // Beyond this a label is not distributed; it bounds what one peer can make all others hold.
    static final int MAX_LABELS = 15; // With the API's own as many as a transport has channels (MediaLimits).

    // State. Labels live as long as the room, as in ion-sfu; per label each member's channel.
    private final Map<String, Map<Peer, MediaChannel>> labels = new HashMap<>();

    private final Set<Peer> members = new LinkedHashSet<>();

    void joined(Peer peer) {
        members.add(peer);
        labels.forEach((label, channels) -> channels.put(peer, peer.subscriber().openChannel(label)));
    }

    void left(Peer peer) {
        members.remove(peer);
        labels.values().forEach(channels -> channels.remove(peer));
    }

    /** A client has opened a channel on its publisher connection. */
    void opened(Peer owner, MediaChannel channel) {
        String label = channel.label();
        if (label.equals(API_LABEL) || (!labels.containsKey(label) && labels.size() >= MAX_LABELS)) {
            return;
        }
        Map<Peer, MediaChannel> channels = labels.computeIfAbsent(label, key -> new HashMap<>());
        channels.put(owner, channel);
        for (Peer peer : members) {
            channels.computeIfAbsent(peer, other -> other.subscriber().openChannel(label));
        }
    }

    void closed(Peer owner, MediaChannel channel) {
        Map<Peer, MediaChannel> channels = labels.get(channel.label());
        if (channels != null) {
            channels.remove(owner, channel);
        }
    }

    void received(Peer from, MediaChannel channel, boolean binary, byte[] message) {
        Map<Peer, MediaChannel> channels = labels.get(channel.label());
        if (channels == null) {
            return;
        }
        channels.forEach((peer, to) -> {
            if (peer != from) {
                to.send(binary, message);
            }
        });
    }
}
