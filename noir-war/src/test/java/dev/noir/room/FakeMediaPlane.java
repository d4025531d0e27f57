package dev.noir.room;

import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A media plane that remembers what it was asked for; the test plays its events. */
public final class FakeMediaPlane implements MediaPlane {
    public final List<FakeRoom> rooms = new CopyOnWriteArrayList<>();
    public boolean broken;
    public boolean dead;

    @Override
    public MediaRoom openRoom(RoomId room, Executor events, MediaRoom.Events listener) {
        if (dead) {
            throw new NoClassDefFoundError("expected by this test");
        }
        if (broken) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "broken");
        }
        FakeRoom opened = new FakeRoom(events, listener);
        rooms.add(opened);
        return opened;
    }

    public FakeRoom onlyRoom() {
        if (rooms.size() != 1) {
            throw new AssertionError(rooms.size() + " rooms");
        }
        return rooms.get(0);
    }

    /** Everything not closed or removed. */
    public long openObjects() {
        return rooms.stream()
                .mapToLong(room -> (room.closed ? 0 : 1)
                        + room.transports.stream()
                                .filter(transport -> !transport.closed)
                                .count()
                        + room.injectors.stream()
                                .filter(injector -> !injector.closed)
                                .count())
                .sum();
    }

    /** A room of the plane. */
    public static final class FakeRoom implements MediaRoom {
        public final List<FakeTransport> transports = new CopyOnWriteArrayList<>();
        public final List<FakeInjector> injectors = new CopyOnWriteArrayList<>();
        public final Executor events;
        public final Runnable lost;
        public volatile boolean closed;
        public volatile boolean busy;
        public int sends;
        private final MediaRoom.Events listener;

        FakeRoom(Executor events, MediaRoom.Events listener) {
            this.events = events;
            this.listener = listener;
            this.lost = listener::onLost;
        }

        public void tellSpeakers(FakeTrack... tracks) {
            List<Integer> streams =
                    Stream.of(tracks).map(track -> track.stream).distinct().toList();
            events.execute(() -> listener.onSpeakers(streams));
        }

        @Override
        public Fingerprint fingerprint() {
            return Fingerprint.ofSha256(new byte[32]);
        }

        @Override
        public MediaTransport openTransport(
                PeerName peer,
                TransportRole role,
                Function<IcePlace, IceCredentials> local,
                MediaTransport.Events listener) {
            FakeTransport transport = new FakeTransport(this, role, local.apply(FakeTransport.PLACE), listener);
            transports.add(transport);
            return transport;
        }

        @Override
        public MediaInjector openInjector(PeerName peer, MediaInjector.Events listener) {
            FakeInjector injector = new FakeInjector(this, listener);
            injectors.add(injector);
            return injector;
        }

        @Override
        public boolean send(Collection<MediaChannel> to, boolean binary, byte[] message) {
            if (busy) {
                return false;
            }
            sends++;
            to.forEach(channel -> channel.send(binary, message));
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A transport of the plane. */
    public static final class FakeTransport implements MediaTransport {
        static final IcePlace PLACE = new IcePlace(1, 2, 3);
        public final TransportRole role;
        public final List<IceCredentials> credentials = new ArrayList<>();
        public final List<RemoteParameters> remotes = new ArrayList<>();
        public final List<FakeTrack> tracks = new CopyOnWriteArrayList<>();
        public final List<FakeDownTrack> downTracks = new ArrayList<>();
        public final List<FakeChannel> channels = new ArrayList<>();
        public boolean closed;
        public CompletableFuture<Optional<MediaExplanation>> explanation =
                CompletableFuture.completedFuture(Optional.empty());
        public CompletableFuture<Optional<MediaSample>> sample = CompletableFuture.completedFuture(Optional.empty());
        private final FakeRoom room;
        private final MediaTransport.Events listener;

        FakeTransport(FakeRoom room, TransportRole role, IceCredentials local, MediaTransport.Events listener) {
            this.room = room;
            this.role = role;
            this.credentials.add(local);
            this.listener = listener;
        }

        @Override
        public IcePlace place() {
            return PLACE;
        }

        @Override
        public IceCredentials ice() {
            return credentials.get(0);
        }

        public void tell(TransportState state, MediaEnd end) {
            tell(() -> listener.onState(state, end));
        }

        public void tellOpened(FakeChannel channel) {
            tell(() -> listener.onChannelOpen(channel));
        }

        public void tellClosed(FakeChannel channel) {
            tell(() -> listener.onChannelClosed(channel, ChannelEnd.CLOSED));
        }

        public void tellLayersWanted(FakeTrack track, int encodings) {
            tell(() -> listener.onLayersWanted(track, encodings));
        }

        public void tellLearned(FakeTrack track, int encoding, long ssrc, long rtxSsrc) {
            tell(() -> listener.onEncodingLearned(track, encoding, ssrc, rtxSsrc));
        }

        public void tellMessage(FakeChannel channel, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            tell(() -> listener.onChannelMessage(channel, false, bytes));
        }

        private void tell(Runnable event) {
            room.events.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        }

        /** Those that are not removed. */
        public List<FakeTrack> openTracks() {
            return tracks.stream().filter(track -> !track.removed).toList();
        }

        /** Those that are not removed. */
        public List<FakeDownTrack> openDownTracks() {
            return downTracks.stream().filter(downTrack -> !downTrack.removed).toList();
        }

        public FakeChannel channel(String label) {
            return channels.stream()
                    .filter(channel -> channel.label().equals(label))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public List<IceCandidate> candidates() {
            return List.of(IceCandidate.host(0, "192.0.2.1", 5000), IceCandidate.host(1, "2001:db8::1", 5000));
        }

        @Override
        public void setRemote(RemoteParameters remote) {
            remotes.add(remote);
        }

        @Override
        public void restartIce(IceCredentials local) {
            credentials.add(local);
        }

        @Override
        public void setExtensions(List<ExtensionIds> extensions) {}

        @Override
        public MediaTrack addTrack(PublishedTrack track, int stream, boolean squelched) {
            FakeTrack added = new FakeTrack(track, stream);
            added.squelched = squelched;
            tracks.add(added);
            return added;
        }

        @Override
        public MediaDownTrack addDownTrack(MediaTrack track, SubscriberAnswer.Section accepted) {
            FakeDownTrack added = new FakeDownTrack((FakeTrack) track, accepted);
            downTracks.add(added);
            return added;
        }

        @Override
        public CompletableFuture<Optional<MediaExplanation>> explain() {
            return explanation;
        }

        @Override
        public CompletableFuture<Optional<MediaSample>> sample() {
            return sample;
        }

        @Override
        public MediaChannel openChannel(String label) {
            FakeChannel channel = new FakeChannel(label);
            channels.add(channel);
            return channel;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** An injector of the plane. */
    public static final class FakeInjector implements MediaInjector {
        public final List<FakeInjectedTrack> tracks = new CopyOnWriteArrayList<>();
        public volatile boolean closed;
        private final FakeRoom room;
        private final MediaInjector.Events listener;

        FakeInjector(FakeRoom room, MediaInjector.Events listener) {
            this.room = room;
            this.listener = listener;
        }

        public void tellKeyFrameWanted(FakeInjectedTrack track) {
            tell(() -> listener.onKeyFrameWanted(track));
        }

        public void tellClosed(MediaEnd end) {
            tell(() -> listener.onClosed(end));
        }

        private void tell(Runnable event) {
            room.events.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        }

        @Override
        public FakeInjectedTrack addTrack(PublishedTrack track, int stream, boolean squelched) {
            FakeInjectedTrack added = new FakeInjectedTrack(new FakeTrack(track, stream));
            added.media.squelched = squelched;
            tracks.add(added);
            return added;
        }

        @Override
        public void close() {
            closed = true;
            tracks.forEach(track -> track.media.remove());
        }
    }

    /** A track of an injector: remembers its frames. */
    public static final class FakeInjectedTrack implements InjectedTrack {
        public final FakeTrack media;
        public final List<EncodedFrame> frames = new CopyOnWriteArrayList<>();
        public volatile boolean full;

        FakeInjectedTrack(FakeTrack media) {
            this.media = media;
        }

        @Override
        public FakeTrack media() {
            return media;
        }

        @Override
        public boolean write(EncodedFrame frame) {
            if (full || media.removed) {
                return false;
            }
            frames.add(frame);
            return true;
        }
    }

    /** A track of the plane. */
    public static final class FakeTrack implements MediaTrack {
        public final PublishedTrack published;
        public final int stream;
        public volatile boolean removed;
        public volatile boolean squelched;

        public final List<FakeTap> taps = new CopyOnWriteArrayList<>();

        FakeTrack(PublishedTrack published, int stream) {
            this.published = published;
            this.stream = stream;
        }

        @Override
        public void setSquelched(boolean squelched) {
            this.squelched = squelched;
        }

        @Override
        public MediaTap tap(MediaTap.Events listener) {
            FakeTap tap = new FakeTap(listener);
            taps.add(tap);
            return tap;
        }

        @Override
        public void remove() {
            removed = true;
        }
    }

    /** A tap of a track: tell its listener what you like. */
    public static final class FakeTap implements MediaTap {
        public final MediaTap.Events listener;
        public volatile boolean closed;

        FakeTap(MediaTap.Events listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A down track of the plane. */
    public static final class FakeDownTrack implements MediaDownTrack {
        public final FakeTrack track;
        public final SubscriberAnswer.Section accepted;
        public boolean removed;
        public String setting = "";

        FakeDownTrack(FakeTrack track, SubscriberAnswer.Section accepted) {
            this.track = track;
            this.accepted = accepted;
        }

        @Override
        public void set(LayerWish wish) {
            setting = (wish.muted() ? "muted " : "") + wish.maxSpatial() + "/" + wish.maxTemporal();
            if (wish.width() != 0 || wish.height() != 0 || wish.priority() != 0) {
                setting += " " + wish.width() + "x" + wish.height() + " " + wish.priority();
            }
        }

        @Override
        public void remove() {
            removed = true;
        }
    }

    /** A data channel of the plane. */
    public static final class FakeChannel implements MediaChannel {
        private final String label;
        private final boolean reliable;
        public final List<String> sent = new ArrayList<>();
        public @Nullable ChannelEnd closed;

        public FakeChannel(String label) {
            this(label, true);
        }

        public FakeChannel(String label, boolean reliable) {
            this.label = label;
            this.reliable = reliable;
        }

        @Override
        public boolean reliable() {
            return reliable;
        }

        @Override
        public void close(ChannelEnd end) {
            closed = end;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public void send(boolean binary, byte[] message) {
            sent.add(new String(message, StandardCharsets.UTF_8));
        }
    }
}
