package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.PublisherAnswer;
import dev.noir.sdp.SdpException;
import dev.noir.sdp.SessionDescription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which a peer sends: the client always offers, we always answer at once, so there is no glare and
 * nothing to wait for. Thread: rooms.
 */
final class Publisher implements MediaTransport.Events {
    // Given.
    private final Room room;
    private final Peer peer;

    // Owned. Made by the first offer: a resumed peer has none before it finds out that the old one is dead.
    private @Nullable PeerTransport transport;

    // State. Tracks by mid, in m-line order.
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private @Nullable PublisherAnswer previous;
    private Scheduler.@Nullable Timer deadline;

    Publisher(Room room, Peer peer) {
        this.room = room;
        this.peer = peer;
    }

    /** A resumed peer's client offers when its connection falls silent; one that does not can't be helped from here. */
    void await() {
        deadline = room.schedule(
                room.context().limits().publisherTimeout(),
                () -> room.guard(peer, () -> room.expel(peer, CloseCause.REJOIN)));
    }

    private void stopAwaiting() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private PeerTransport transport() {
        if (transport == null) {
            transport = new PeerTransport(room, TransportRole.PUBLISHER, new GuardedEvents(room, peer, this));
        }
        return transport;
    }

    /**
     * What an offer has led to.
     *
     * @param answer for the client
     * @param iceRestarted the client has moved to another network, or thinks so
     * @param first nothing had been answered before
     * @param refused what the client would have to be granted for the rest of its offer
     */
    record Outcome(
            String answer,
            List<Track> published,
            List<Track> unpublished,
            boolean iceRestarted,
            boolean first,
            Set<Grant> refused) {}

    /** Answers an offer; a refused one leaves everything as it was. */
    Outcome answer(String sdp) {
        boolean restart;
        Set<Grant> refused = EnumSet.noneOf(Grant.class);
        PublisherAnswer answer;
        PeerTransport connection = transport();
        var local = connection.local();
        try {
            SessionDescription offer = SessionDescription.parse(sdp);
            restart = PublisherAnswer.isIceRestart(offer, previous);
            local = restart ? connection.restarted() : local;
            answer = PublisherAnswer.create(
                    offer, local, previous, (mid, kind, screen) -> takes(mid, kind, screen, refused));
        } catch (SdpException e) {
            throw new RoomException(RoomException.Code.INVALID, "error creating answer: " + e.getMessage(), e);
        }
        checkTracks(answer);
        stopAwaiting();
        connection.setRemote(answer.remote());
        if (restart) {
            connection.restart(local);
        }
        connection.media().setExtensions(answer.extensions());
        boolean first = previous == null;
        previous = answer;
        List<Track> unpublished = removeTracksNotIn(answer);
        return new Outcome(answer.text(), addTracksOf(answer, connection), unpublished, restart, first, refused);
    }

    /** What is there stays, though it may have been forbidden since: it is squelched, and may be allowed again. */
    private boolean takes(String mid, MediaKind kind, boolean screen, Set<Grant> refused) {
        if (peer.config().noPublish()) {
            return false;
        }
        Track existing = tracks.get(mid);
        if (existing != null
                && existing.published().kind() == kind
                && existing.published().screen() == screen) {
            return true;
        }
        Grant needed = Track.grant(kind, screen);
        if (peer.rights().mayOnceAdmitted(needed)) {
            return true;
        }
        refused.add(needed);
        return false;
    }

    private void checkTracks(PublisherAnswer answer) {
        List<PublishedTrack> sending =
                answer.tracks().stream().filter(PublishedTrack::sending).toList();
        int max = room.context().limits().maxTracksPerPeer();
        if (sending.size() > max) {
            throw new RoomException(RoomException.Code.INVALID, "error creating answer: more than " + max + " tracks");
        }
        room.checkMayPublish(peer, sending);
    }

    private List<Track> removeTracksNotIn(PublisherAnswer answer) {
        List<Track> removed = new ArrayList<>();
        tracks.values().removeIf(track -> {
            boolean gone = !answer.tracks().contains(track.negotiated());
            if (gone) {
                removed.add(track);
            }
            return gone;
        });
        return removed;
    }

    private List<Track> addTracksOf(PublisherAnswer answer, PeerTransport connection) {
        List<Track> added = new ArrayList<>();
        for (PublishedTrack published : answer.tracks()) {
            if (published.sending() && !tracks.containsKey(published.mid())) {
                PublishedTrack named = WireIds.of(published, peer.name(), tracks(), room.tracksOfOthers(peer));
                Track track =
                        new Track(peer, published, named, connection.media().addTrack(published, true));
                tracks.put(published.mid(), track);
                added.add(track);
            }
        }
        return added;
    }

    /** Sends our candidates beside the answer. */
    void trickle() {
        PublisherAnswer answer = previous;
        if (answer == null) {
            return;
        }
        String mid = firstBundledMid(answer.text());
        for (int i = 0; i < answer.shape().size(); i++) {
            if (answer.shape().get(i).mid().equals(mid)) {
                transport().trickle(peer.link(), mid, i);
            }
        }
    }

    /** RFC 8843 §7.2: the first mid of the group owns the transport. */
    private static String firstBundledMid(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("a=group:BUNDLE "))
                .map(line -> line.split(" ", 3)[1])
                .findFirst()
                .orElse("");
    }

    Collection<Track> tracks() {
        return tracks.values();
    }

    /** What the others call the stream that the client calls so; itself when it has no such stream. */
    String wireStreamId(String own) {
        return tracks.values().stream()
                .filter(track -> track.negotiated().streamId().equals(own))
                .map(track -> track.published().streamId())
                .findFirst()
                .orElse(own);
    }

    /** The reverse. */
    String ownStreamId(String wire) {
        return tracks.values().stream()
                .filter(track -> track.published().streamId().equals(wire))
                .map(track -> track.negotiated().streamId())
                .findFirst()
                .orElse(wire);
    }

    boolean isLive() {
        return transport != null && transport.isLive();
    }

    @Override
    public void onState(TransportState state, MediaEnd end) {
        transport().stateChanged(state);
        if (state == TransportState.CLOSED) {
            List<Track> ended = List.copyOf(tracks.values());
            tracks.clear();
            ended.forEach(room::unpublished);
            room.count();
            peer.transportClosed(TransportRole.PUBLISHER, end);
        }
    }

    @Override
    public void onChannelOpen(MediaChannel channel) {
        room.userChannels().opened(peer, channel);
    }

    @Override
    public void onChannelClosed(MediaChannel channel) {
        room.userChannels().closed(peer, channel);
    }

    @Override
    public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {
        if (peer.maySendMessage()) {
            room.userChannels().received(peer, channel, binary, message);
        }
    }

    void close() {
        stopAwaiting();
        if (transport != null) {
            transport.close();
        }
    }
}
