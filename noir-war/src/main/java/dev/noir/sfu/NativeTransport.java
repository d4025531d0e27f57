package dev.noir.sfu;

import dev.noir.media.CloseReason;
import dev.noir.media.DownTrackId;
import dev.noir.media.LoopCommands;
import dev.noir.media.MediaException;
import dev.noir.media.TrackId;
import dev.noir.media.TransportId;
import dev.noir.media.TransportParams;
import dev.noir.media.TransportState;
import dev.noir.room.MediaChannel;
import dev.noir.room.MediaDownTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaTrack;
import dev.noir.room.MediaTransport;
import dev.noir.room.TransportRole;
import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A transport of a loop. Every call becomes a task of the loop; ids exist on the loop thread only, filled in by the task
 * that makes the object, so that later tasks find them. Events go the other way and become tasks of the room.
 *
 * <p>Thread: the port's methods rooms; the package-private ones loop.
 */
final class NativeTransport implements MediaTransport {
    private static final Logger LOG = System.getLogger(NativeTransport.class.getName());

    private interface Command {
        void execute(LoopCommands commands, TransportId id);
    }

    // Given.
    private final LoopHost host;
    private final Executor events;
    private final MediaTransport.Events listener;

    // Owned by the loop thread. No id: not opened yet, refused, or closed.
    private @Nullable TransportId id;
    private final Map<Integer, Channel> channels = new HashMap<>();

    // Owned by the room.
    private boolean closed;

    NativeTransport(LoopHost host, Executor events, MediaTransport.Events listener) {
        this.host = host;
        this.events = events;
        this.listener = listener;
    }

    /** Thread: rooms. */
    void open(TransportRole role, IceCredentials local) {
        TransportParams params = new TransportParams(MediaParams.role(role), local.ufrag(), local.pwd());
        host.transportOpened();
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

    private void post(Command command) {
        host.post(commands -> {
            if (id != null) {
                command.execute(commands, id);
            }
        });
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
    public void setExtensions(ExtensionIds extensions) {
        post((commands, transport) -> commands.setExtensions(transport, MediaParams.extensions(extensions)));
    }

    @Override
    public MediaTrack addTrack(PublishedTrack published) {
        Track track = new Track();
        post((commands, transport) -> track.id = commands.addTrack(transport, MediaParams.track(published)));
        return track;
    }

    @Override
    public MediaDownTrack addDownTrack(MediaTrack source, SubscriberAnswer.Section accepted) {
        DownTrack downTrack = new DownTrack();
        post((commands, transport) -> {
            if (source instanceof Track track && track.id != null) {
                downTrack.id = commands.addDownTrack(transport, track.id, MediaParams.downTrack(accepted));
            }
        });
        return downTrack;
    }

    @Override
    public MediaChannel openChannel(String label) {
        Channel channel = new Channel(label);
        post((commands, transport) -> {
            int streamId = commands.openChannel(transport, label, true);
            channel.streamId = streamId;
            channels.put(streamId, channel);
        });
        return channel;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        host.transportClosed();
        host.post(commands -> {
            if (id != null) {
                commands.closeTransport(id);
                host.unregister(id);
                id = null;
                channels.clear();
            }
        });
    }

    void stateChanged(TransportState state, CloseReason reason) {
        if (state == TransportState.CLOSED) {
            id = null;
            channels.clear();
        }
        tellState(MediaParams.state(state), MediaParams.end(reason));
    }

    void channelOpened(int streamId, String label) {
        if (!channels.containsKey(streamId)) { // Otherwise it is one of ours.
            Channel channel = new Channel(label);
            channel.streamId = streamId;
            channels.put(streamId, channel);
            tell(() -> listener.onChannelOpen(channel));
        }
    }

    void channelClosed(int streamId) {
        Channel channel = channels.remove(streamId);
        if (channel != null) {
            channel.streamId = Channel.NONE;
            tell(() -> listener.onChannelClosed(channel));
        }
    }

    void channelMessage(int streamId, boolean binary, byte[] message) {
        Channel channel = channels.get(streamId);
        if (channel != null) {
            tell(() -> listener.onChannelMessage(channel, binary, message));
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

    /** Its id is the loop thread's. */
    private final class Track implements MediaTrack {
        private @Nullable TrackId id;

        @Override
        public void remove() {
            host.post(commands -> {
                if (id != null) {
                    commands.removeTrack(id);
                }
            });
        }
    }

    /** Its id is the loop thread's. */
    private final class DownTrack implements MediaDownTrack {
        private @Nullable DownTrackId id;

        @Override
        public void set(boolean muted, int maxSpatial, int maxTemporal) {
            host.post(commands -> {
                if (id != null) {
                    commands.setDownTrack(id, muted, maxSpatial, maxTemporal);
                }
            });
        }

        @Override
        public void remove() {
            host.post(commands -> {
                if (id != null) {
                    commands.removeDownTrack(id);
                }
            });
        }
    }

    /** Its stream is the loop thread's. */
    private final class Channel implements MediaChannel {
        static final int NONE = -1;

        private final String label;
        private int streamId = NONE;

        Channel(String label) {
            this.label = label;
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
