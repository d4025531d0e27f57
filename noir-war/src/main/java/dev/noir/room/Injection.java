package dev.noir.room;

import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.SdpException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end at which a peer sends that plays a file: there is no connection, the frames come from this server's own disk. What its link
 * offers is a {@link Playing}, and later a {@link Playing.Change}. When the file has been played, the peer leaves.
 *
 * <p>Thread: rooms.
 */
final class Injection implements Ingress, MediaInjector.Events {
    // Given.
    private final Room room;
    private final Peer peer;

    // Owned. There once the file is being opened, and once it is known what is in it.
    private Projector.@Nullable Showing showing;
    private @Nullable MediaInjector injector;

    // State. In the order of the file.
    private final List<Track> tracks = new ArrayList<>();
    private @Nullable Playing now;
    private boolean closed;

    Injection(Room room, Peer peer) {
        this.room = room;
        this.peer = peer;
    }

    @Override
    public Outcome answer(String offer) {
        Playing before = now;
        if (before == null) {
            now = Playing.read(offer);
            return Outcome.ofAnother(now.text());
        }
        Playing.Change change = Playing.Change.read(offer);
        Playing after = before.with(change);
        now = after;
        if (showing != null) {
            showing.change(change);
        }
        return Outcome.ofAnother(after.text());
    }

    @Override
    public void start() {
        Playing what = now;
        if (what == null) {
            throw new IllegalStateException(peer + " plays nothing");
        }
        try {
            showing = room.context().projector().begin(what, new Told());
        } catch (RoomException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void fail(String why) {
        room.expel(peer, CloseCause.notPlayed(why));
    }

    /** What the projector tells, as tasks of the room. Thread: any. */
    private final class Told implements Projector.Events {
        private void task(Runnable told) {
            room.execute(() -> {
                if (!closed) {
                    room.guard(peer, told);
                }
            });
        }

        @Override
        public void onOpened(List<Projector.Content> contents) {
            task(() -> publish(contents));
        }

        @Override
        public void onMoved(Playing to) {
            task(() -> {
                now = to;
                peer.link().notify(new Notification.PlayingMoved(to));
            });
        }

        @Override
        public void onEnded() {
            task(() -> {
                if (room.remove(peer)) {
                    peer.link().left();
                }
            });
        }

        @Override
        public void onFailed(String why) {
            task(() -> fail(why));
        }
    }

    private void publish(List<Projector.Content> contents) {
        try {
            List<PublishedTrack> published = new ArrayList<>();
            for (Projector.Content content : contents) {
                published.add(published(content));
            }
            room.terms().checkMayPublish(peer, published);
            List<InjectedTrack> injected = add(published);
            room.compliance().comply(this);
            room.count();
            if (showing != null && !closed) {
                showing.start(injected);
            }
        } catch (SdpException | RoomException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private PublishedTrack published(Projector.Content content) {
        String name = peer.name().value(); // What others see is made of it.
        String kind = content.codec().kind() == MediaKind.VIDEO ? "-video" : "-audio";
        return PublishedTrack.injected(content.codec(), content.codecPrivate(), name, name + kind);
    }

    private List<InjectedTrack> add(List<PublishedTrack> published) {
        MediaInjector opened = room.media().openInjector(peer.name(), this);
        injector = opened;
        List<InjectedTrack> injected = new ArrayList<>();
        for (PublishedTrack track : published) {
            PublishedTrack named = WireIds.of(track, peer.name(), tracks, room.tracksOfOthers(peer));
            int stream = room.speakers().number(peer, named.streamId(), tracks);
            InjectedTrack added = opened.addTrack(track, stream, true);
            tracks.add(new Track(peer, track, named, stream, added.media()));
            injected.add(added);
        }
        return injected;
    }

    @Override
    public Collection<Track> tracks() {
        return tracks;
    }

    @Override
    public void onKeyFrameWanted(InjectedTrack track) {
        // A file has those that it has.
    }

    @Override
    public void onClosed(MediaEnd end) {
        room.guard(peer, () -> {
            if (!closed) {
                List<Track> ended = List.copyOf(tracks);
                tracks.clear();
                ended.forEach(room::unpublished);
                peer.transportClosed(TransportRole.PUBLISHER, end);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        if (showing != null) {
            showing.close();
        }
        if (injector != null) {
            injector.close();
        }
    }
}
