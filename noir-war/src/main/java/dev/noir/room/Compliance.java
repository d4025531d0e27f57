package dev.noir.room;

import dev.noir.access.Grant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes what happens in a room agree with what its peers may do. Thread: rooms. */
final class Compliance {
    // Given.
    private final Room room;

    // Owned.
    private final Watches watches;

    Compliance(Room room) {
        this.room = room;
        this.watches = new Watches(room);
    }

    Watches watches() {
        return watches;
    }

    /** A peer that has just been added takes part, as far as it may. */
    void begin(Peer peer) {
        if (!peer.rights().isOrdinary()) {
            tellGrants(peer);
        }
        tellSquelches(peer, Set.of(), Set.of());
        List<Track> there = tracksFor(peer);
        peer.egress().start(there);
        TrackNews.tell(peer, true, there);
        room.userChannels().joined(peer);
        comply(peer.ingress());
    }

    /** Everything of others that is there, and for him. */
    List<Track> tracksFor(Peer listener) {
        List<Track> tracks = new ArrayList<>();
        for (Peer peer : room.others(listener)) {
            peer.ingress().tracks().stream()
                    .filter(track -> track.isOffered() && isFor(track, listener))
                    .forEach(tracks::add);
        }
        return tracks;
    }

    /**
     * Whether a track of another's is for this peer, by what it may now: what is of the lobby for who waits there, all else for who takes
     * part, and nothing for who attends the lobby.
     */
    static boolean isFor(Track track, Peer listener) {
        Rights rights = listener.rights();
        if (listener.attends()) {
            return false;
        }
        return track.isOfLobby()
                ? rights.waiting() && rights.mayOnceAdmitted(Grant.SUBSCRIBE)
                : rights.may(Grant.SUBSCRIBE);
    }

    /** Makes what a peer does agree with what it may do by now, and tells it. */
    void comply(Peer peer) {
        if (room.find(peer.name()) != peer) {
            return; // What others have to do with it has thrown it out meanwhile.
        }
        Rights before = peer.rights();
        Rights now = room.moderation().rightsOf(peer);
        if (now.equals(before)) {
            return;
        }
        List<Track> had = tracksFor(peer);
        peer.setRights(now);
        if (!now.grants().equals(before.grants()) || now.waiting() != before.waiting()) {
            tellGrants(peer);
        }
        tellSquelches(peer, before.squelched(), before.squelchedStreams());
        offer(peer, had, tracksFor(peer));
        if (now.may(Grant.SUBSCRIBE) != before.may(Grant.SUBSCRIBE)) {
            room.speakers().tell(peer);
        }
        room.userChannels().joined(peer);
        comply(peer.ingress());
        room.count();
    }

    /** Other tracks are for the peer than before. What is taken and what is given make one offer. */
    private static void offer(Peer peer, List<Track> had, List<Track> has) {
        List<Track> gone = without(had, has);
        List<Track> come = without(has, had);
        TrackNews.tell(peer, false, gone);
        TrackNews.tell(peer, true, come);
        peer.egress().exchange(gone, come);
    }

    /** A peer says what it wants to be offered. */
    void subscribe(Peer peer, ModerationCommand.Subscribe asked) {
        if (!peer.mayWish(asked.choices().size())) {
            throw new RoomException(RoomException.Code.TOO_MANY, "too many wishes, try again later");
        }
        asked.choices().forEach(choice -> peer.egress().choose(choice, tracksFor(peer)));
    }

    private static List<Track> without(List<Track> tracks, List<Track> others) {
        Set<Track> known = new HashSet<>(others);
        return tracks.stream().filter(track -> !known.contains(track)).toList();
    }

    private void tellGrants(Peer peer) {
        Rights rights = peer.rights();
        peer.link().notify(new Notification.GrantsChanged(rights.grants(), rights.waiting()));
        room.news().granted(peer);
    }

    /** @param media those that it knows of, as {@code streams} */
    private void tellSquelches(Peer peer, Set<Medium> media, Set<String> streams) {
        Rights rights = peer.rights();
        if (rights.squelched().equals(media) && rights.squelchedStreams().equals(streams)) {
            return;
        }
        room.news().squelched(peer);
        tellSquelches(peer, true, less(rights.squelched(), media), less(rights.squelchedStreams(), streams));
        tellSquelches(peer, false, less(media, rights.squelched()), less(streams, rights.squelchedStreams()));
    }

    private static void tellSquelches(Peer peer, boolean squelched, Set<Medium> media, Set<String> streams) {
        if (!media.isEmpty() || !streams.isEmpty()) {
            Set<String> own = streams.stream().map(peer.ingress()::ownStreamId).collect(Collectors.toUnmodifiableSet());
            peer.link().notify(new Notification.SquelchChanged(squelched, media, own));
        }
    }

    private static <T> Set<T> less(Set<T> set, Set<T> others) {
        Set<T> left = new HashSet<>(set);
        left.removeAll(others);
        return left;
    }

    /** Those whom they are for are offered the tracks that their owner may send; of the rest, and of what is squelched, no packet leaves. */
    void comply(Ingress ingress) {
        List<Track> added = new ArrayList<>();
        for (Track track : ingress.tracks()) {
            Peer owner = track.owner();
            boolean allowed = owner.rights().may(track.grant());
            track.squelch(!allowed
                    || owner.rights()
                            .squelches(track.medium(), track.published().streamId()));
            if (allowed && !track.isOffered()) {
                track.offered(true);
                added.add(track);
                room.news().published(track);
                room.recording().added(track);
                watches.added(track);
                room.others(owner)
                        .forEach(peer -> room.guard(peer, () -> peer.egress().add(track)));
            } else if (!allowed) {
                withdraw(track);
            }
        }
        if (!added.isEmpty()) {
            tellOthers(true, added);
        }
    }

    /** @param tracks of one peer */
    private void tellOthers(boolean added, List<Track> tracks) {
        for (Peer peer : room.others(tracks.get(0).owner())) {
            if (isFor(tracks.get(0), peer)) {
                TrackNews.tell(peer, added, tracks);
            }
        }
    }

    /** Nobody is offered it any more. */
    void withdraw(Track track) {
        if (!track.isOffered()) {
            return;
        }
        track.offered(false);
        room.recording().removed(track);
        watches.removed(track);
        room.others(track.owner())
                .forEach(peer -> room.guard(peer, () -> peer.egress().remove(track)));
        tellOthers(false, List.of(track));
        room.news().unpublished(track);
    }
}
