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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which a peer sends: the client always offers, we always answer at once, so there is no glare and
 * nothing to wait for. Thread: rooms.
 */
final class Publisher implements Ingress {
    // Given.
    private final Room room;
    private final Peer peer;

    // Owned. Made by the first offer: a resumed peer has none before it finds out that the old one is dead.
    private @Nullable Connection connection;

    // State. Tracks by mid, in m-line order.
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private @Nullable PublisherAnswer previous;
    // Of this node and of the one before: a connection that takes another's place is the same one for the client.
    private final LearnedEncodings learned = new LearnedEncodings();
    private Scheduler.@Nullable Timer deadline;

    Publisher(Room room, Peer peer) {
        this.room = room;
        this.peer = peer;
    }

    /** A resumed peer's client offers when its connection falls silent; one that does not can't be helped from here. */
    @Override
    public void resume(List<LearnedEncoding> encodings) {
        encodings.forEach(learned::note);
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

    @Override
    public Outcome answer(String sdp) {
        Set<Grant> refused = EnumSet.noneOf(Grant.class);
        PublisherOffer offer = read(sdp, refused);
        Connection used = connection;
        boolean first = used == null;
        if (used == null) {
            used = new Connection();
            connection = used;
        }
        boolean restart = !first && offer.isIceRestart();
        LocalParameters local = restart ? used.transport.restarted() : used.transport.local();
        PublisherAnswer answer = answer(offer, local);
        checkTracks(answer);
        stopAwaiting();
        boolean renewed = used.transport.isClosed() || offer.isNewConnection();
        if (offer.isNewConnection()) {
            learned.clear();
        }
        List<Track> unpublished = renewed ? endTracks() : removeTracksNotIn(answer);
        if (renewed) {
            used = successor(used, local);
        } else if (restart) {
            used.transport.restart(local);
        }
        used.transport.setRemote(answer.remote());
        used.transport.media().setExtensions(answer.extensions());
        previous = answer;
        List<Track> published = addTracksOf(answer, used.transport);
        return new Outcome(answer.text(), published, unpublished, restart, first || renewed, refused);
    }

    private static PublisherAnswer answer(PublisherOffer offer, LocalParameters local) {
        try {
            return offer.answer(local);
        } catch (SdpException e) {
            throw invalid(e);
        }
    }

    private static RoomException invalid(SdpException e) {
        return new RoomException(RoomException.Code.INVALID, "error creating answer: " + e.getMessage(), e);
    }

    private PublisherOffer read(String sdp, Set<Grant> refused) {
        try {
            return PublisherOffer.read(
                    SessionDescription.parse(sdp),
                    previous,
                    (mid, kind, screen) -> takes(mid, kind, screen, refused),
                    peer.config().connections() == Connections.INGRESS);
        } catch (SdpException e) {
            throw invalid(e);
        }
    }

    /** Those of the connection that comes next are other tracks with the same names. */
    private List<Track> endTracks() {
        List<Track> ended = List.copyOf(tracks.values());
        tracks.clear();
        return ended;
    }

    /** For the client it is the same RTCPeerConnection; Firefox takes no new credentials unless it has asked for them. */
    private Connection successor(Connection older, LocalParameters local) {
        older.retired = true;
        older.transport.close(); // First: no two have the same user name fragment.
        Connection next = new Connection(local);
        connection = next;
        return next;
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
        room.terms().checkMayPublish(peer, sending);
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
                int stream = room.speakers().number(peer, named.streamId(), tracks());
                MediaTrack media = transport.media().addTrack(learned.declaredIn(published), stream, true);
                Track track = new Track(peer, published, named, stream, media);
                tracks.put(published.mid(), track);
                added.add(track);
            }
        }
        return added;
    }

    @Override
    public void trickle() {
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

    @Override
    public Collection<Track> tracks() {
        return tracks.values();
    }

    @Override
    public @Nullable Track track(String mid) {
        return tracks.get(mid);
    }

    @Override
    public CompletableFuture<Optional<MediaExplanation>> explain() {
        return connection == null
                ? CompletableFuture.completedFuture(Optional.empty())
                : connection.transport.media().explain();
    }

    @Override
    public CompletableFuture<Optional<MediaSample>> sample() {
        return connection == null
                ? CompletableFuture.completedFuture(Optional.empty())
                : connection.transport.media().sample();
    }

    @Override
    public boolean isLive() {
        return connection != null && connection.transport.isLive();
    }

    @Override
    public void close() {
        stopAwaiting();
        if (connection != null) {
            connection.transport.close();
        }
    }

    /** One transport of possibly several in a row, with what it tells. */
    private final class Connection implements MediaTransport.Events {
        private final PeerTransport transport;
        private boolean retired;

        Connection() {
            transport =
                    new PeerTransport(room, peer.name(), TransportRole.PUBLISHER, new GuardedEvents(room, peer, this));
        }

        /** @param local as it was before, or what the client has asked for */
        Connection(LocalParameters local) {
            transport = new PeerTransport(
                    room,
                    peer.name(),
                    TransportRole.PUBLISHER,
                    new GuardedEvents(room, peer, this),
                    local.sessionId(),
                    local.ice());
        }

        @Override
        public void onState(TransportState state, MediaEnd end) {
            transport.stateChanged(state);
            if (state == TransportState.CLOSED && !retired) {
                endTracks().forEach(room::unpublished);
                room.count();
                peer.transportClosed(TransportRole.PUBLISHER, end);
            }
        }

        @Override
        public void onLayersWanted(MediaTrack media, int encodings) {
            tracks.values().stream()
                    .filter(track -> track.media() == media)
                    .forEach(track -> LayerControl.layersWanted(room, peer, track, encodings));
        }

        @Override
        public void onEncodingLearned(MediaTrack media, int encoding, long ssrc, long rtxSsrc) {
            for (Track track : tracks.values()) {
                if (track.media() == media) {
                    String rid = track.negotiated().encodings().get(encoding).rid();
                    LearnedEncoding news =
                            new LearnedEncoding(track.negotiated().mid(), rid, ssrc, rtxSsrc);
                    learned.note(news);
                    peer.link().learned(news);
                }
            }
        }

        @Override
        public void onChannelOpen(MediaChannel channel) {
            room.userChannels().opened(peer, channel);
        }

        @Override
        public void onChannelClosed(MediaChannel channel, ChannelEnd end) {
            room.userChannels().closed(peer, channel, end);
        }

        @Override
        public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {
            room.userChannels().received(peer, channel, binary, message);
        }
    }
}
