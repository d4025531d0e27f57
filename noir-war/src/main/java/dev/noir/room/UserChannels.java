package dev.noir.room;

import dev.noir.access.Grant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Data channels that clients open for each other: a label is a bus of the room. Whoever opens it on its publisher
 * connection speaks and hears there; everybody else gets a channel of that label on the subscriber connection. A
 * message goes to all but its sender, and those who may not receive; who waits in the lobby takes no part. Thread: rooms.
 */
final class UserChannels {
    static final String API_LABEL = "ion-sfu";

    // Beyond this a label is not distributed; it bounds what one peer can make all others hold.
    static final int MAX_LABELS = 15; // With the API's own as many as a transport has channels (MediaLimits).

    // State. Labels live as long as the room, as in ion-sfu; per label each member's channel.
    private final Map<String, Map<Peer, MediaChannel>> labels = new HashMap<>();

    private final Set<Peer> members = new LinkedHashSet<>();

    // Opened by those who may not speak: what would come of them comes when they may.
    private final Map<Peer, List<MediaChannel>> silent = new HashMap<>();

    /** Somebody has come, has been admitted, or may now do what he might not. */
    void joined(Peer peer) {
        if (!peer.rights().waiting() && members.add(peer)) {
            open(peer);
        }
        if (peer.rights().may(Grant.PUBLISH_DATA)) {
            List<MediaChannel> channels = silent.remove(peer);
            if (channels != null) {
                channels.forEach(channel -> opened(peer, channel));
            }
        }
    }

    private void open(Peer peer) {
        labels.forEach((label, channels) -> channels.put(peer, peer.subscriber().openChannel(label)));
    }

    void left(Peer peer) {
        members.remove(peer);
        silent.remove(peer);
        labels.values().forEach(channels -> channels.remove(peer));
    }

    /** A client has opened a channel on its publisher connection. */
    void opened(Peer owner, MediaChannel channel) {
        String label = channel.label();
        if (label.equals(API_LABEL) || (!labels.containsKey(label) && labels.size() >= MAX_LABELS)) {
            return;
        }
        if (!owner.rights().may(Grant.PUBLISH_DATA)) {
            List<MediaChannel> kept = silent.computeIfAbsent(owner, key -> new ArrayList<>());
            if (kept.size() < MAX_LABELS) {
                kept.add(channel);
            }
            return;
        }
        Map<Peer, MediaChannel> channels = labels.computeIfAbsent(label, key -> new HashMap<>());
        channels.put(owner, channel);
        for (Peer peer : members) {
            channels.computeIfAbsent(peer, other -> other.subscriber().openChannel(label));
        }
    }

    void closed(Peer owner, MediaChannel channel) {
        List<MediaChannel> kept = silent.get(owner);
        if (kept != null) {
            kept.remove(channel);
        }
        Map<Peer, MediaChannel> channels = labels.get(channel.label());
        if (channels != null) {
            channels.remove(owner, channel);
        }
    }

    void received(Peer from, MediaChannel channel, boolean binary, byte[] message) {
        Map<Peer, MediaChannel> channels = labels.get(channel.label());
        if (channels == null || !from.rights().may(Grant.PUBLISH_DATA)) {
            return;
        }
        channels.forEach((peer, to) -> {
            if (peer != from && peer.rights().may(Grant.SUBSCRIBE)) {
                to.send(binary, message);
            }
        });
    }
}
