package dev.noir.room;

import dev.noir.access.Grant;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Data channels that clients open for each other: a label is a bus of the room. Whoever opens it on its publisher
 * connection speaks and hears there; everybody else gets a channel of that label on the subscriber connection, and keeps it
 * when he opens one himself. A message goes to all but its sender, and those who may not receive; who waits in the lobby, or
 * attends it, takes no part. Who sends more than his share loses the channel. Thread: rooms.
 */
final class UserChannels {
    static final String API_LABEL = "ion-sfu";

    // Beyond this a label is not distributed; it bounds what one peer can make all others hold.
    static final int MAX_LABELS = 15; // With the API's own as many as a transport has channels (MediaLimits).

    private static final Logger LOG = System.getLogger(UserChannels.class.getName());

    /** A member's channels of one label. */
    private static final class Ends {
        private @Nullable MediaChannel given;
        private final List<MediaChannel> opened = new ArrayList<>(); // A transport bounds them.

        /** Where it hears: what it has opened last, else what it was given. */
        @Nullable
        MediaChannel hearing() {
            return opened.isEmpty() ? given : opened.get(opened.size() - 1);
        }

        boolean remove(MediaChannel channel) {
            if (channel == given) {
                given = null;
                return true;
            }
            return opened.remove(channel);
        }
    }

    // Given.
    private final MediaRoom media;
    private final Scheduler scheduler;
    private final Runnable flooded;

    // Owned.
    private final MessageShares shares;

    // State. Labels live as long as the room, as in ion-sfu.
    private final Map<String, Map<Peer, Ends>> labels = new HashMap<>();

    private final Set<Peer> members = new LinkedHashSet<>();

    // Opened by those who may not speak: what would come of them comes when they may.
    private final Map<Peer, List<MediaChannel>> silent = new HashMap<>();

    /** @param flooded called for each message that is too much */
    UserChannels(MediaRoom media, Scheduler scheduler, Runnable flooded) {
        this.media = media;
        this.scheduler = scheduler;
        this.flooded = flooded;
        this.shares = new MessageShares(scheduler.nanoTime());
    }

    /** Somebody has come, has been admitted, or may now do what he might not. */
    void joined(Peer peer) {
        if (peer.egress().hasChannels() && !peer.rights().waiting() && !peer.attends() && members.add(peer)) {
            labels.forEach((label, ends) -> give(label, ends, peer));
        }
        if (peer.rights().may(Grant.PUBLISH_DATA)) {
            List<MediaChannel> channels = silent.remove(peer);
            if (channels != null) {
                channels.forEach(channel -> opened(peer, channel));
            }
        }
    }

    private static void give(String label, Map<Peer, Ends> channels, Peer peer) {
        Ends ends = channels.computeIfAbsent(peer, key -> new Ends());
        if (ends.hearing() == null) {
            ends.given = peer.egress().openChannel(label);
        }
    }

    void left(Peer peer) {
        members.remove(peer);
        silent.remove(peer);
        shares.left(peer);
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
        Map<Peer, Ends> channels = labels.computeIfAbsent(label, key -> new LinkedHashMap<>());
        channels.computeIfAbsent(owner, key -> new Ends()).opened.add(channel);
        members.forEach(peer -> give(label, channels, peer));
    }

    void closed(Peer owner, MediaChannel channel, ChannelEnd end) {
        if (end != ChannelEnd.CLOSED) {
            LOG.log(Level.INFO, () -> owner + ": a data channel was closed: " + end.text());
        }
        List<MediaChannel> kept = silent.get(owner);
        if (kept != null) {
            kept.remove(channel);
        }
        Map<Peer, Ends> channels = labels.get(channel.label());
        Ends ends = channels == null ? null : channels.get(owner);
        if (ends != null) {
            ends.remove(channel);
        }
    }

    void received(Peer from, MediaChannel channel, boolean binary, byte[] message) {
        Map<Peer, Ends> channels = labels.get(channel.label());
        if (channels == null || !from.rights().may(Grant.PUBLISH_DATA)) {
            return;
        }
        List<MediaChannel> to = new ArrayList<>(channels.size());
        channels.forEach((peer, ends) -> {
            MediaChannel hearing = ends.hearing();
            if (peer != from && hearing != null && peer.rights().may(Grant.SUBSCRIBE)) {
                to.add(hearing);
            }
        });
        boolean passes = from.maySendMessage()
                && shares.tryTake(from, message.length, to.size(), members.size(), scheduler.nanoTime())
                && media.send(to, binary, message);
        if (!passes) {
            tooMuch(channel);
        }
    }

    /** Unreliable channels may lose messages; a reliable one that does must not be taken for whole. */
    private void tooMuch(MediaChannel channel) {
        flooded.run();
        if (channel.reliable()) {
            channel.close(ChannelEnd.FLOODED);
        }
    }
}
