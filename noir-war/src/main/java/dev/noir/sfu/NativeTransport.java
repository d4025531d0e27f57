package dev.noir.sfu;

import dev.noir.media.ChannelCloseReason;
import dev.noir.media.CloseReason;
import dev.noir.media.DownTrackId;
import dev.noir.media.DownTrackParams;
import dev.noir.media.DownTrackWish;
import dev.noir.media.LoopCommands;
import dev.noir.media.MediaException;
import dev.noir.media.RemoteTrack;
import dev.noir.media.TrackId;
import dev.noir.media.TransportExplanation;
import dev.noir.media.TransportId;
import dev.noir.media.TransportParams;
import dev.noir.media.TransportState;
import dev.noir.room.ChannelEnd;
import dev.noir.room.LayerWish;
import dev.noir.room.MediaChannel;
import dev.noir.room.MediaDownTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaExplanation;
import dev.noir.room.MediaSample;
import dev.noir.room.MediaTrack;
import dev.noir.room.MediaTransport;
import dev.noir.room.TransportRole;
import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transport of a loop. Every call becomes a task of the loop; ids exist on the loop thread only, filled in by the task
 * that makes the object, so that later tasks find them. Events go the other way and become tasks of the room.
 *
 * <p>Thread: the port's methods rooms; the package-private ones loop.
 */
final class NativeTransport implements MediaTransport, NativeTrack.Owner {
    private static final Logger LOG = System.getLogger(NativeTransport.class.getName());

    private interface Command {
        void execute(LoopCommands commands, TransportId id);
    }

    // Given.
    private final Whose whose;
    private final LoopHost home; // The room's.
    private final LoopHost host; // Its own, the same or another one.
    private final int group;
    private final Executor events;
    private final MediaTransport.Events listener;
    private final WaitingMessages ofRoom;
    private final Runnable closing;

    // Owned by the loop thread. No id: not opened yet, refused, or closed.
    private @Nullable TransportId id;
    private final Map<Integer, Channel> channels = new HashMap<>();
    private final Set<TrackId> tracks = new HashSet<>();
    private final Map<DownTrackId, NativeTrack.Label> shown = new HashMap<>();
    private final WaitingMessages waiting = new WaitingMessages(WaitingMessages.OF_TRANSPORT);

    // Owned by the room.
    private @Nullable IceCredentials ice;
    private boolean closed;
    private int load; // Of the host, because of this.

    /**
     * @param group by which the loops know whose transports belong together
     * @param ofRoom messages that wait for the room, of all its transports
     * @param closing run once, by the room
     */
    NativeTransport(
            Whose whose,
            LoopHost home,
            LoopHost host,
            int group,
            Executor events,
            MediaTransport.Events listener,
            WaitingMessages ofRoom,
            Runnable closing) {
        this.whose = whose;
        this.home = home;
        this.host = host;
        this.group = group;
        this.events = events;
        this.listener = listener;
        this.ofRoom = ofRoom;
        this.closing = closing;
    }

    /** Thread: rooms. */
    void open(TransportRole role, IceCredentials local) {
        ice = local;
        TransportParams params = new TransportParams(MediaParams.role(role), local.ufrag(), local.pwd(), group);
        if (role == TransportRole.SUBSCRIBER) {
            addLoad(1);
        }
        if (host != home) {
            host.addGuest(this);
        }
        host.post(commands -> {
            try {
                TransportId opened = commands.openTransport(params);
                id = opened;
                host.register(opened, this);
            } catch (MediaException e) {
                LOG.log(Level.WARNING, "a transport was refused: " + e.getMessage());
                tellState(dev.noir.room.TransportState.CLOSED, MediaEnd.REFUSED);
            }
        });
    }

    /** Its loop has failed, and not the room's, which goes on. Thread: any. */
    void lost() {
        tellState(dev.noir.room.TransportState.CLOSED, MediaEnd.BUG);
    }

    private void addLoad(int parts) {
        load += parts;
        host.addLoad(parts);
    }

    private void post(Command command) {
        host.post(commands -> {
            if (id != null) {
                command.execute(commands, id);
            }
        });
    }

    @Override
    public IcePlace place() {
        return host.place(group);
    }

    @Override
    public IceCredentials ice() {
        return Objects.requireNonNull(ice, "not open");
    }

    @Override
    public List<IceCandidate> candidates() {
        return host.candidates();
    }

    @Override
    public void setRemote(RemoteParameters remote) {
        post((commands, transport) -> commands.setRemote(transport, MediaParams.remote(remote)));
    }

    @Override
    public void restartIce(IceCredentials local) {
        post((commands, transport) -> commands.restartIce(transport, local.ufrag(), local.pwd()));
    }

    @Override
    public void setExtensions(List<ExtensionIds> extensions) {
        post((commands, transport) -> commands.setExtensions(
                transport, extensions.stream().map(MediaParams::extensions).toList()));
    }

    @Override
    public MediaTrack addTrack(PublishedTrack published, int stream, boolean squelched) {
        NativeTrack track = new NativeTrack(
                new NativeTrack.Label(whose, published.streamId()), this, host, MediaParams.track(published, stream));
        addLoad(1);
        post((commands, transport) -> tracks.add(track.add(commands, transport, squelched)));
        return track;
    }

    @Override
    public MediaDownTrack addDownTrack(MediaTrack source, SubscriberAnswer.Section accepted) {
        DownTrack downTrack =
                new DownTrack(source instanceof NativeTrack known ? known.label() : NativeTrack.Label.UNKNOWN);
        addLoad(1);
        if (source instanceof NativeTrack track) {
            DownTrackParams params = MediaParams.downTrack(accepted);
            if (track.host() == host) {
                post((commands, transport) -> {
                    TrackId here = track.id();
                    if (here != null) {
                        downTrack.add(commands, () -> commands.addDownTrack(transport, here, params));
                    }
                });
            } else {
                addFrom(track, downTrack, params);
            }
        }
        return downTrack;
    }

    /** By way of the track's own loop, which alone knows its id. */
    private void addFrom(NativeTrack track, DownTrack downTrack, DownTrackParams params) {
        track.host().post(home -> {
            TrackId there = track.id();
            if (there != null) {
                RemoteTrack source = new RemoteTrack(track.host().index(), there, track.params());
                post((commands, transport) ->
                        downTrack.add(commands, () -> commands.addDownTrack(transport, source, params)));
            }
        });
    }

    @Override
    public MediaChannel openChannel(String label) {
        Channel channel = new Channel(label, true);
        post((commands, transport) -> {
            try {
                int streamId = commands.openChannel(transport, label, true);
                channel.streamId = streamId;
                channels.put(streamId, channel);
            } catch (MediaException e) { // A client may have as many as it may, or have ended the association.
                LOG.log(Level.DEBUG, "a channel was not opened: " + e.getMessage());
                tell(() -> listener.onChannelClosed(channel, ChannelEnd.LOST));
            }
        });
        return channel;
    }

    @Override
    public CompletableFuture<Optional<MediaExplanation>> explain() {
        return told(said -> MediaExplanations.of(said, host.candidates()));
    }

    @Override
    public CompletableFuture<Optional<MediaSample>> sample() {
        return told(MediaSamples::of);
    }

    private <T> CompletableFuture<Optional<T>> told(Function<TransportExplanation, T> read) {
        return host.<Optional<T>>ask(
                commands -> Optional.ofNullable(id).flatMap(commands::explain).map(read));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        addLoad(-load);
        host.removeGuest(this);
        closing.run();
        host.post(commands -> {
            if (id != null) {
                commands.closeTransport(id);
                host.unregister(id);
                ended();
            }
        });
    }

    /** Thread: any. */
    Whose whose() {
        return whose;
    }

    /** Null: not opened yet, refused, or closed. */
    @Nullable
    TransportId id() {
        return id;
    }

    /** Of what is sent to it. */
    Optional<NativeTrack.Label> label(DownTrackId downTrack) {
        return Optional.ofNullable(shown.get(downTrack));
    }

    void stateChanged(TransportState state, CloseReason reason) {
        List<Channel> ended = state == TransportState.CLOSED ? List.copyOf(channels.values()) : List.of();
        if (state == TransportState.CLOSED) {
            ended();
        }
        tellState(MediaParams.state(state), MediaParams.end(reason));
        // Where the peer stays, since it has another connection.
        ended.forEach(channel -> tell(() -> listener.onChannelClosed(channel, ChannelEnd.CLOSED)));
    }

    /** Nothing of it is known to the loop any more. */
    private void ended() {
        id = null;
        channels.clear();
        tracks.forEach(host::unregister);
        tracks.clear();
        shown.clear();
    }

    @Override
    public void trackRemoved() {
        if (!closed) {
            addLoad(-1);
        }
    }

    @Override
    public void trackRemoved(TrackId gone) {
        tracks.remove(gone);
    }

    @Override
    public void layersWanted(NativeTrack track, int encodings) {
        tell(() -> listener.onLayersWanted(track, encodings));
    }

    @Override
    public void encodingLearned(NativeTrack track, int encoding, long ssrc, long rtxSsrc) {
        tell(() -> listener.onEncodingLearned(track, encoding, ssrc, rtxSsrc));
    }

    void channelOpened(int streamId, String label, boolean reliable) {
        if (!channels.containsKey(streamId)) { // Otherwise it is one of ours.
            Channel channel = new Channel(label, reliable);
            channel.streamId = streamId;
            channels.put(streamId, channel);
            tell(() -> listener.onChannelOpen(channel));
        }
    }

    void channelClosed(int streamId, ChannelCloseReason reason) {
        Channel channel = channels.remove(streamId);
        if (channel != null) {
            channel.streamId = Channel.NONE;
            ChannelEnd end = reason == ChannelCloseReason.CLOSED ? channel.end : MediaParams.end(reason);
            tell(() -> listener.onChannelClosed(channel, end));
        }
    }

    /** What the room has no time for is refused here, before it is queued: see docs/threading.md. */
    void channelMessage(int streamId, boolean binary, byte[] message) {
        Channel channel = channels.get(streamId);
        if (channel == null || channel.end != ChannelEnd.CLOSED) {
            return;
        }
        int size = message.length;
        if (!waiting.tryAdd(size)) {
            channel.overflowed();
        } else if (!ofRoom.tryAdd(size)) {
            waiting.remove(size);
            channel.overflowed();
        } else {
            events.execute(() -> {
                waiting.remove(size);
                ofRoom.remove(size);
                if (!closed) {
                    listener.onChannelMessage(channel, binary, message);
                }
            });
        }
    }

    private void tellState(dev.noir.room.TransportState state, MediaEnd end) {
        tell(() -> listener.onState(state, end));
    }

    /** Nothing is told any more after the room has closed the transport, even if it was on its way. */
    private void tell(Runnable event) {
        events.execute(() -> {
            if (!closed) {
                event.run();
            }
        });
    }

    /**
     * Its state is the loop thread's, but {@code removed}, which is the room's. What the room asks for may come before
     * the down track itself, which takes a longer way when the track is on another loop.
     */
    private final class DownTrack implements MediaDownTrack {
        private final NativeTrack.Label source;
        private @Nullable DownTrackId id;
        private @Nullable DownTrackWish wish;
        private boolean ended;
        private boolean removed;

        DownTrack(NativeTrack.Label source) {
            this.source = source;
        }

        void add(LoopCommands commands, Supplier<DownTrackId> added) {
            if (ended) {
                return;
            }
            id = added.get();
            shown.put(id, source);
            apply(commands);
        }

        private void apply(LoopCommands commands) {
            if (id != null && wish != null) {
                commands.setDownTrack(id, wish);
            }
        }

        @Override
        public void set(LayerWish wanted) {
            host.post(commands -> {
                wish = MediaParams.wish(wanted);
                apply(commands);
            });
        }

        @Override
        public void remove() {
            if (!removed && !closed) {
                addLoad(-1);
            }
            removed = true;
            host.post(commands -> {
                ended = true;
                if (id != null) {
                    shown.remove(id);
                    commands.removeDownTrack(id);
                }
            });
        }
    }

    /** Its state is the loop thread's. */
    final class Channel implements MediaChannel {
        static final int NONE = -1;

        private final String label;
        private final boolean reliable;
        private int streamId = NONE;
        private ChannelEnd end = ChannelEnd.CLOSED; // What will be said of it when it is closed.

        Channel(String label, boolean reliable) {
            this.label = label;
            this.reliable = reliable;
        }

        LoopHost host() {
            return host;
        }

        /** Thread: loop. */
        int streamId() {
            return streamId;
        }

        /** Null when it is not there any more. Thread: loop. */
        @Nullable
        TransportId transport() {
            return streamId == NONE ? null : id;
        }

        /** Thread: loop, but not in a task. */
        private void overflowed() {
            if (reliable) {
                end = ChannelEnd.FLOODED;
                close(end);
            }
        }

        @Override
        public boolean reliable() {
            return reliable;
        }

        @Override
        public void close(ChannelEnd why) {
            post((commands, transport) -> {
                if (streamId != NONE) {
                    end = why;
                    commands.closeChannel(transport, streamId);
                }
            });
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public void send(boolean binary, byte[] message) {
            post((commands, transport) -> {
                if (streamId != NONE) {
                    commands.send(transport, streamId, binary, message);
                }
            });
        }
    }
}
