package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.room.RoomException.Code;
import dev.noir.sdp.LocalParameters;
import dev.noir.sdp.SdpException;
import dev.noir.sdp.SessionDescription;
import dev.noir.sdp.SubscriberAnswer;
import dev.noir.sdp.ViewerOffer;
import dev.noir.sdp.ViewerSection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connection on which somebody watches who offers it himself, once: one peer of the room, the one he has named or whoever sends. Its
 * sections never change; what is in them does, when that peer comes, goes, or sends something else. Thread: rooms.
 */
final class Viewer implements Egress, MediaTransport.Events {
    private static final String NOBODY_SENDS = "nobody sends anything here that this client can take";

    // Given.
    private final Room room;
    private final Peer peer;

    // Owned.
    private final PeerTransport transport;

    // State. What the others send, in the order in which it was offered; of that, what is shown, by mid.
    private final Set<Track> there = new LinkedHashSet<>();
    private final Map<String, DownTrack> shown = new HashMap<>();
    private final Set<Long> ssrcs = new HashSet<>();
    private @Nullable ViewerOffer offer;
    private @Nullable Peer watched;
    private long version;
    private boolean closed;

    Viewer(Room room, Peer peer) {
        this.room = room;
        this.peer = peer;
        this.transport =
                new PeerTransport(room, peer.name(), TransportRole.SUBSCRIBER, new GuardedEvents(room, peer, this));
    }

    @Override
    public String answer(String sdp) {
        ViewerOffer read = read(sdp);
        ViewerOffer before = offer;
        if (before == null) {
            checkSomethingToSee(read);
        } else if (!before.sections().equals(read.sections())) {
            throw new RoomException(Code.INVALID, "what is received cannot be changed, only ICE can begin anew");
        }
        boolean restart = before != null && read.remote().isIceRestart(before.remote());
        LocalParameters local = restart ? transport.restarted() : transport.local();
        String answer = read.answer(local, version + 1);
        if (restart) {
            transport.restart(local);
        }
        transport.setRemote(read.remote());
        version++;
        offer = read;
        return answer;
    }

    private static ViewerOffer read(String sdp) {
        try {
            return ViewerOffer.read(SessionDescription.parse(sdp));
        } catch (SdpException e) {
            throw new RoomException(Code.INVALID, "error creating answer: " + e.getMessage(), e);
        }
    }

    /** Somebody who waits to be admitted waits for what he will see, too; whoever he has named, he hears what is played to those who wait. */
    private void checkSomethingToSee(ViewerOffer read) {
        if (!peer.rights().mayOnceAdmitted(Grant.SUBSCRIBE)) {
            throw new RoomException(Code.FORBIDDEN, "you may not watch in this room");
        }
        boolean something = room.compliance().tracksFor(peer).stream()
                .anyMatch(track -> isWanted(track.owner()) && takes(read.sections(), track));
        if (!something && peer.rights().may(Grant.SUBSCRIBE)) {
            throw new RoomException(Code.NO_SUCH_PEER, NOBODY_SENDS);
        }
    }

    private boolean isWanted(Peer owner) {
        String name = peer.config().watched();
        return name.isEmpty() || owner.name().value().equals(name);
    }

    private static boolean takes(List<ViewerSection> sections, Track track) {
        return sections.stream()
                .anyMatch(section -> section.take(track.published(), 1, 1).isPresent());
    }

    @Override
    public void start(List<Track> tracks) {
        tracks.forEach(this::note);
        review();
    }

    @Override
    public void add(Track track) {
        note(track);
        review();
    }

    private void note(Track track) {
        if (Compliance.isFor(track, peer) && (track.isOfLobby() || isWanted(track.owner()))) {
            there.add(track);
        }
    }

    @Override
    public void remove(Track track) {
        there.remove(track);
        review();
    }

    /** Who is watched of those that come is chosen when all are there. */
    @Override
    public void exchange(List<Track> gone, List<Track> come) {
        there.removeAll(Set.copyOf(gone));
        come.forEach(this::note);
        review();
    }

    /** Whoever is watched stays so for as long as he sends anything that can be taken. */
    private void review() {
        ViewerOffer agreed = offer;
        if (closed || agreed == null) {
            return;
        }
        List<ViewerSection> sections = agreed.sections();
        Map<Peer, Integer> figures = new LinkedHashMap<>();
        for (Track track : there) {
            if (takes(sections, track)) {
                figures.merge(track.owner(), 1, Integer::sum);
            }
        }
        if (watched == null || !figures.containsKey(watched)) {
            watched = figures.entrySet().stream()
                    .max(Comparator.comparingInt(entry -> Math.min(entry.getValue(), sections.size())))
                    .map(Map.Entry::getKey)
                    .orElse(null);
        }
        Set<Track> used = new HashSet<>();
        Map<String, Track> wanted = new LinkedHashMap<>();
        for (ViewerSection section : sections) {
            there.stream()
                    .filter(track ->
                            track.owner() == watched && !used.contains(track) && takes(List.of(section), track))
                    .findFirst()
                    .ifPresent(track -> {
                        used.add(track);
                        wanted.put(section.mid(), track);
                    });
        }
        sections.forEach(section -> show(section, wanted.get(section.mid())));
    }

    private void show(ViewerSection section, @Nullable Track track) {
        DownTrack current = shown.get(section.mid());
        if (current != null && current.track() == track) {
            return;
        }
        if (current != null) {
            current.remove();
            shown.remove(section.mid());
        }
        if (track == null) {
            return;
        }
        // New ones each time: with the old one's, packets would be taken for repeats of another track's (RFC 3711
        // §9.1).
        Optional<SubscriberAnswer.Section> accepted = section.take(track.published(), newSsrc(), newSsrc());
        if (accepted.isPresent()) {
            DownTrack next = new DownTrack(track);
            next.answered(transport.media(), accepted.get());
            shown.put(section.mid(), next);
        }
    }

    private long newSsrc() {
        long ssrc;
        do {
            ssrc = Integer.toUnsignedLong(room.context().random().nextInt());
        } while (ssrc == 0 || !ssrcs.add(ssrc));
        return ssrc;
    }

    @Override
    public List<DownTrack> downTracks(String streamId) {
        return shown.values().stream()
                .filter(downTrack -> downTrack.track().published().streamId().equals(streamId))
                .toList();
    }

    @Override
    public @Nullable Track track(String mid) {
        DownTrack downTrack = shown.get(mid);
        return downTrack == null ? null : downTrack.track();
    }

    @Override
    public CompletableFuture<Optional<MediaExplanation>> explain() {
        return transport.media().explain();
    }

    @Override
    public CompletableFuture<Optional<MediaSample>> sample() {
        return transport.media().sample();
    }

    @Override
    public boolean isLive() {
        return transport.isLive();
    }

    @Override
    public void onState(TransportState changed, MediaEnd end) {
        transport.stateChanged(changed);
        if (changed == TransportState.CLOSED) {
            halt();
            peer.transportClosed(TransportRole.SUBSCRIBER, end);
        }
    }

    @Override
    public void onChannelOpen(MediaChannel channel) {
        // None are agreed on.
    }

    @Override
    public void onChannelClosed(MediaChannel channel, ChannelEnd end) {
        // As above.
    }

    @Override
    public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {
        // As above.
    }

    private void halt() {
        closed = true;
        shown.clear();
        there.clear();
    }

    @Override
    public void close() {
        halt();
        transport.close();
    }
}
