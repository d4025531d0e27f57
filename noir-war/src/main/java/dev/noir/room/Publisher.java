package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.sdp.LocalParameters;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.PublisherAnswer;
import dev.noir.sdp.PublisherOffer;
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
final class Publisher {
    // Given.
    private final Room room;
    private final Peer peer;

    // Owned. Made by the first offer: a resumed peer has none before it finds out that the old one is dead.
    private @Nullable Connection connection;

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

    /**
     * What an offer has led to.
     *
     * @param answer for the client
     * @param iceRestarted the client has moved to another network, or thinks so
     * @param connected there is a connection that was not there before
     * @param refused what the client would have to be granted for the rest of its offer
     */
    record Outcome(
            String answer,
            List<Track> published,
            List<Track> unpublished,
            boolean iceRestarted,
            boolean connected,
            Set<Grant> refused) {}

    /** Answers an offer; a refused one leaves everything as it was. */
    Outcome answer(String sdp) {
        Set<Grant> refused = EnumSet.noneOf(Grant.class);
        PublisherOffer offer = read(sdp, refused);
        Connection older = connection;
        boolean fresh = older == null || older.isOver() || offer.isNewConnection();
        Connection used = fresh || older == null ? new Connection(older) : older;
        boolean restart = !fresh && offer.isIceRestart();
        LocalParameters local = restart ? used.transport.restarted() : used.transport.local();
        PublisherAnswer answer;
        try {
            answer = offer.answer(local);
            checkTracks(answer);
        } catch (RuntimeException e) {
            if (fresh) {
                used.transport.close();
            }
            throw e;
        }
        stopAwaiting();
        List<Track> unpublished = fresh ? replaceConnection(used) : removeTracksNotIn(answer);
        used.transport.setRemote(answer.remote());
        if (restart) {
            used.transport.restart(local);
        }
        used.transport.media().setExtensions(answer.extensions());
        previous = answer;
        List<Track> published = addTracksOf(answer, used.transport);
        return new Outcome(answer.text(), published, unpublished, restart, fresh, refused);
    }

    private PublisherOffer read(String sdp, Set<Grant> refused) {
        try {
            return PublisherOffer.read(
                    SessionDescription.parse(sdp), previous, (mid, kind, screen) -> takes(mid, kind, screen, refused));
        } catch (SdpException e) {
            throw new RoomException(RoomException.Code.INVALID, "error creating answer: " + e.getMessage(), e);
        }
    }

    /** Its tracks end with the old one; those of the new one are other tracks with the same names. */
    private List<Track> replaceConnection(Connection next) {
        Connection old = connection;
        connection = next;
        List<Track> ended = List.copyOf(tracks.values());
        tracks.clear();
        if (old != null) {
            old.retired = true;
            // Later: its goodbye must not reach the client before the answer.
            room.execute(old.transport::close);
        }
        return ended;
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

    private List<Track> addTracksOf(PublisherAnswer answer, PeerTransport transport) {
        List<Track> added = new ArrayList<>();
        for (PublishedTrack published : answer.tracks()) {
            if (published.sending() && !tracks.containsKey(published.mid())) {
                PublishedTrack named = WireIds.of(published, peer.name(), tracks(), room.tracksOfOthers(peer));
                Track track =
                        new Track(peer, published, named, transport.media().addTrack(published, true));
                tracks.put(published.mid(), track);
                added.add(track);
            }
        }
        return added;
    }

    /** Sends our candidates beside the answer. */
    void trickle() {
        PublisherAnswer answer = previous;
        if (answer == null || connection == null) {
            return;
        }
        String mid = answer.transportMid();
        for (int i = 0; i < answer.shape().size(); i++) {
            if (answer.shape().get(i).mid().equals(mid)) {
                connection.transport.trickle(peer.link(), mid, i);
            }
        }
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
        return connection != null && connection.transport.isLive();
    }

    void close() {
        stopAwaiting();
        if (connection != null) {
            connection.transport.close();
        }
    }

    /** One transport of possibly several in a row, with what it tells. */
    private final class Connection implements MediaTransport.Events {
        private final PeerTransport transport;
        private boolean retired;

        /** @param older whose o-line goes on: for the client it is the same RTCPeerConnection */
        Connection(@Nullable Connection older) {
            MediaTransport.Events events = new GuardedEvents(room, peer, this);
            transport = older == null
                    ? new PeerTransport(room, TransportRole.PUBLISHER, events)
                    : new PeerTransport(
                            room,
                            TransportRole.PUBLISHER,
                            events,
                            older.transport.local().sessionId());
        }

        /** The client has ended it. */
        boolean isOver() {
            return transport.isClosed();
        }

        @Override
        public void onState(TransportState state, MediaEnd end) {
            transport.stateChanged(state);
            if (state == TransportState.CLOSED && !retired) {
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
    }
}
