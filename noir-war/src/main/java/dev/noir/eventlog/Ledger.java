package dev.noir.eventlog;

import dev.noir.event.EventsLost;
import dev.noir.event.PeerEvent;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.Track;
import dev.noir.event.TrackEvent;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in a room, by its log. Makes of what one host tells what has to be written so that everything comes in pairs, over all
 * hosts. Thread: one at a time.
 *
 * <p>Those who were there with the host before are <em>expected</em>: if they are told to have joined, they have only come along, and
 * nothing is written. Who has not come along after a while leaves, see {@link #settle}.
 */
final class Ledger {
    private static final class Peer {
        private final String principal;
        private final Set<Track> tracks = new LinkedHashSet<>();
        private final Set<Track> expectedTracks = new LinkedHashSet<>();
        private boolean expected;

        Peer(String principal) {
            this.principal = principal;
        }
    }

    // Given.
    private final String room;

    // State.
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private boolean open;
    private List<RoomEvent> made = new ArrayList<>();

    /** Of a room in which nobody is. */
    Ledger(String room) {
        this.room = room;
    }

    /** All of the roll are expected. */
    Ledger(String room, Roll roll) {
        this(room);
        open = roll.open();
        roll.peers().forEach((name, attendance) -> {
            Peer peer = new Peer(attendance.principal());
            peer.expected = true;
            peer.tracks.addAll(attendance.tracks());
            peer.expectedTracks.addAll(attendance.tracks());
            peers.put(name, peer);
        });
    }

    boolean isOpen() {
        return open;
    }

    boolean isEmpty() {
        return peers.isEmpty();
    }

    /** Of those who have been changed since this was asked last; empty: not there any more. */
    Map<String, Optional<Attendance>> takeChanges() {
        Map<String, Optional<Attendance>> changes = new HashMap<>();
        changed.forEach(
                name -> changes.put(name, Optional.ofNullable(peers.get(name)).map(Ledger::attendance)));
        changed.clear();
        return changes;
    }

    /** Of everybody. */
    Map<String, Optional<Attendance>> takeAll() {
        changed.addAll(peers.keySet());
        return takeChanges();
    }

    private static Attendance attendance(Peer peer) {
        return new Attendance(peer.principal, List.copyOf(peer.tracks));
    }

    /** What is to be written when a host tells this. */
    List<RoomEvent> apply(RoomEvent event) {
        if (event instanceof RoomOpened) {
            made.add(open ? new RoomMoved(room, 0) : event);
            open = true;
        } else if (event instanceof RoomClosed) {
            close();
        } else if (event instanceof PeerJoined joined) {
            join(joined);
        } else if (event instanceof PeerEvent ofPeer) {
            Peer peer = peers.get(ofPeer.peer());
            if (peer != null) {
                apply(peer, ofPeer);
            }
        } else if (EventJson.isKnown(event)) {
            made.add(event);
        }
        return take();
    }

    private List<RoomEvent> take() {
        List<RoomEvent> taken = made;
        made = new ArrayList<>();
        return taken;
    }

    private void apply(Peer peer, PeerEvent event) {
        if (event instanceof PeerLeft) {
            leave(event.peer());
        } else if (event instanceof TrackPublished published) {
            if (!peer.expectedTracks.remove(published.track()) && peer.tracks.add(published.track())) {
                record(event);
            }
        } else if (event instanceof TrackUnpublished unpublished) {
            if (peer.tracks.remove(unpublished.track())) {
                peer.expectedTracks.remove(unpublished.track());
                record(event);
            }
        } else if (!(event instanceof TrackEvent) && EventJson.isKnown(event)) {
            made.add(event);
        }
    }

    private void record(PeerEvent event) {
        changed.add(event.peer());
        made.add(event);
    }

    private void join(PeerJoined joined) {
        Peer there = peers.get(joined.peer());
        if (there != null && there.expected && there.principal.equals(joined.principal())) {
            there.expected = false;
            return;
        }
        leave(joined.peer());
        peers.put(joined.peer(), new Peer(joined.principal()));
        record(joined);
    }

    private void leave(String name) {
        Peer peer = peers.remove(name);
        if (peer != null) {
            peer.tracks.forEach(track -> record(new TrackUnpublished(room, 0, name, peer.principal, track)));
            record(new PeerLeft(room, 0, name, peer.principal));
        }
    }

    private void close() {
        List.copyOf(peers.keySet()).forEach(this::leave);
        if (open) {
            open = false;
            made.add(new RoomClosed(room, 0));
        }
    }

    /** Nobody is expected any longer: what is to be written of those who have not come along. */
    List<RoomEvent> settle() {
        for (Map.Entry<String, Peer> entry : List.copyOf(peers.entrySet())) {
            if (entry.getValue().expected) {
                leave(entry.getKey());
            } else {
                drop(entry.getKey(), entry.getValue(), entry.getValue().expectedTracks);
            }
        }
        return take();
    }

    private void drop(String name, Peer peer, Set<Track> tracks) {
        for (Track track : List.copyOf(tracks)) {
            peer.tracks.remove(track);
            peer.expectedTracks.remove(track);
            record(new TrackUnpublished(room, 0, name, peer.principal, track));
        }
    }

    /** What is to be written when so many events are missing, and this is how it stands now. */
    List<RoomEvent> catchUp(Ledger now, long missing) {
        if (now.open && !open) {
            made.add(new RoomOpened(room, 0));
            open = true;
        }
        if (missing > 0) {
            made.add(new EventsLost(room, 0, missing));
        }
        for (Map.Entry<String, Peer> entry : List.copyOf(peers.entrySet())) {
            Peer there = now.peers.get(entry.getKey());
            if (there == null ? !entry.getValue().expected : !there.principal.equals(entry.getValue().principal)) {
                leave(entry.getKey());
            }
        }
        now.peers.forEach(this::catchUp);
        if (!now.open) {
            close();
        }
        return take();
    }

    private void catchUp(String name, Peer now) {
        Peer peer = peers.get(name);
        if (peer == null) {
            peer = new Peer(now.principal);
            peers.put(name, peer);
            record(new PeerJoined(room, 0, name, now.principal));
        }
        peer.expected = false;
        Set<Track> gone = new LinkedHashSet<>(peer.tracks);
        gone.removeAll(now.tracks);
        gone.removeAll(peer.expectedTracks);
        drop(name, peer, gone);
        for (Track track : now.tracks) {
            peer.expectedTracks.remove(track);
            if (peer.tracks.add(track)) {
                record(new TrackPublished(room, 0, name, peer.principal, track));
            }
        }
    }

    /** As it stands. */
    Ledger copy() {
        Map<String, Attendance> all = new HashMap<>();
        peers.forEach((name, peer) -> all.put(name, attendance(peer)));
        return new Ledger(room, new Roll(0, open, all));
    }
}
