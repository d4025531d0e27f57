package dev.noir.bot.rtc;

import dev.noir.bot.signal.Signal;
import dev.noir.bot.signal.SignalException;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCSdpType;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A participant of a room, who does what {@code ion-sdk-js} does in a page (docs/protocol.md §5): two connections, of which we
 * offer the publishing one, and the server the subscribing one. Candidates of the server need not be waited for: its descriptions
 * have them all.
 *
 * <p>Its life: made, {@link #connect}, {@link #join}, {@link #awaitMedia}, then the rest; {@link #close} ends it at any time. Not
 * used again afterwards. Thread: any but those of its {@link Listener}; calls that negotiate wait for one another.
 */
public final class Peer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Peer.class.getName());
    private static final String API_CHANNEL = "ion-sfu";
    private static final int PUBLISHER = 0;
    private static final int SUBSCRIBER = 1;

    /** What comes from the room. Thread: the peer's own, one call at a time. */
    public interface Listener {
        /** Somebody sends that; who has to choose gets it when it is watched or heard. */
        void began(RemoteTrack track);

        /** It has been withdrawn, or its owner has left. */
        void ended(RemoteTrack track);

        /** Anything else that the server says by itself (docs/protocol.md §9). */
        default void told(String method, JsonObject params) {}

        /**
         * The server has closed the connection.
         *
         * @param code of docs/protocol.md §8, 1006 when the connection was lost
         */
        void over(int code, String reason);
    }

    // Given.
    private final Listener listener;
    private final Executor workers;
    private final boolean chooses;

    // Owned.
    private final Serial work;
    private final Connection publisher;
    private final Connection subscriber;
    private final Incoming incoming;
    private final CompletableFuture<Void> apiChannel = new CompletableFuture<>();
    private final CompletableFuture<Void> publishing = new CompletableFuture<>();
    private final AtomicBoolean restarting = new AtomicBoolean();
    private final Object negotiation = new Object(); // Of the publishing connection, one at a time.
    private volatile @Nullable Signal signal; // Set once, before anybody else knows the peer.
    private volatile boolean closed;
    private volatile @Nullable Microphone microphone;

    /**
     * @param workers run short tasks that may wait for libwebrtc and for the server
     * @param chooses whether only those tracks are sent to it that somebody watches or hears
     */
    public Peer(Webrtc webrtc, Executor workers, boolean chooses, Listener listener) {
        this.chooses = chooses;
        this.listener = listener;
        this.workers = workers;
        this.work = new Serial(workers);
        this.incoming = new Incoming(listener, chooses ? this::subscribe : null);
        this.publisher = new Connection(webrtc.sending(), new Observer(PUBLISHER));
        this.subscriber = new Connection(webrtc.receiving(), new Observer(SUBSCRIBER));
    }

    /**
     * Opens the socket.
     *
     * @param uri of the signalling endpoint, ws or wss
     * @param headers of the handshake
     */
    public void connect(HttpClient http, URI uri, Map<String, String> headers)
            throws SignalException, InterruptedException {
        signal = Signal.connect(http, uri, headers, new Ear());
    }

    /**
     * Asks to be let in.
     *
     * @param config as docs/protocol.md §4 has it
     * @throws SignalException when that is refused; the code and words are the server's
     */
    public void join(String room, String uid, Map<String, JsonValue> config)
            throws SignalException, RtcException, InterruptedException {
        publisher.createChannel(API_CHANNEL);
        var members = Json.createObjectBuilder().add("TrackEvents", true).add("NoAutoSubscribe", chooses);
        config.forEach(members::add);
        synchronized (negotiation) { // Nobody else has it yet.
            JsonObject params = Json.createObjectBuilder()
                    .add("sid", room)
                    .add("uid", uid)
                    .add("offer", publisher.offer())
                    .add("config", members)
                    .build();
            publisher.setRemote(
                    RTCSdpType.ANSWER, connected().call("join", params).getString("sdp"));
        }
    }

    /**
     * Waits until both connections are up, as SDKs do before they say that they have joined.
     *
     * @throws RtcException when that takes longer
     */
    public void awaitMedia(Duration limit) throws RtcException, InterruptedException {
        try {
            CompletableFuture.allOf(publishing, apiChannel).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RtcException(
                    "no media connection within " + limit.toSeconds() + " s: is the server's media port reachable?", e);
        } catch (ExecutionException e) {
            throw RtcException.of(e);
        }
    }

    /**
     * Sends these to everybody.
     *
     * @param stream the id of what belongs together, a token of RFC 8830
     * @throws SignalException when the server refuses that
     */
    public void publish(String stream, Optional<Microphone> sound, Optional<Camera> pictures)
            throws SignalException, RtcException, InterruptedException {
        synchronized (negotiation) { // With the server, too.
            sound.ifPresent(from -> publisher.send(from.track(), stream));
            pictures.ifPresent(from -> publisher.send(from.track(), stream));
            offer();
        }
        microphone = sound.orElse(null);
        if (!closed) {
            sound.ifPresent(Microphone::open);
        }
    }

    private void offer() throws SignalException, RtcException, InterruptedException {
        JsonObject params =
                Json.createObjectBuilder().add("desc", publisher.offer()).build();
        publisher.setRemote(RTCSdpType.ANSWER, connected().call("offer", params).getString("sdp"));
    }

    /** A call of docs/protocol.md §4 or §9. */
    public JsonObject call(String method, JsonObject params) throws SignalException, InterruptedException {
        return connected().call(method, params);
    }

    /** What has been counted up to now. */
    public Readings read() throws RtcException, InterruptedException {
        return Readings.of(publisher.stats(), subscriber.stats(), incoming::byMid);
    }

    private Signal connected() throws SignalException {
        Signal connected = signal;
        if (connected == null) {
            throw new SignalException(SignalException.NO_ANSWER, "not connected");
        }
        return connected;
    }

    /** Leaves; blocks for at most some seconds. The listener hears nothing more of it. */
    @Override
    public void close() {
        closed = true;
        Microphone sound = microphone;
        if (sound != null) {
            sound.close();
        }
        Signal connected = signal;
        if (connected != null) {
            connected.close();
        }
        publisher.close();
        subscriber.close();
    }

    private void subscribe(RemoteTrack track) {
        JsonObject one = Json.createObjectBuilder()
                .add("id", track.id())
                .add("subscribe", true)
                .build();
        JsonObject params = Json.createObjectBuilder()
                .add("tracks", Json.createArrayBuilder().add(one))
                .build();
        workers.execute(() -> {
            try {
                connected().call("subscribe", params);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SignalException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, track + " cannot be had: " + e.getMessage());
                }
            }
        });
    }

    private void answer(String sdp) {
        try {
            incoming.expect(Sections.of(sdp));
            subscriber.setRemote(RTCSdpType.OFFER, sdp);
            incoming.settle();
            connected()
                    .notify(
                            "answer",
                            Json.createObjectBuilder()
                                    .add("desc", subscriber.answer())
                                    .build());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RtcException | SignalException | RuntimeException e) {
            // The server asks again, and then gives up; so does who waits.
            apiChannel.completeExceptionally(e);
            if (!closed) {
                LOG.log(Level.WARNING, "the server's offer has not been answered", e);
            }
        }
    }

    /** As browsers do when nothing comes back any more. */
    private void restart() {
        if (closed || !restarting.compareAndSet(false, true)) {
            return;
        }
        try {
            synchronized (negotiation) { // With the server, too.
                publisher.restartIce();
                offer();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RtcException | SignalException | RuntimeException e) {
            LOG.log(Level.DEBUG, "no new path", e); // The server closes what it does not hear.
        } finally {
            restarting.set(false);
        }
    }

    /** Of the socket. */
    private final class Ear implements Signal.Listener {
        @Override
        public void told(String method, JsonObject params) {
            work.execute(() -> {
                if (closed) {
                    return;
                }
                switch (method) {
                    case "offer" -> answer(params.getString("sdp", ""));
                    case "tracks" -> incoming.news(params);
                    case "trickle" -> {} // In the description, too.
                    default -> listener.told(method, params);
                }
            });
        }

        @Override
        public void closed(int code, String reason) {
            work.execute(() -> {
                apiChannel.completeExceptionally(
                        new RtcException("the server has closed the connection: " + code + " " + reason));
                if (!closed) {
                    listener.over(code, reason);
                }
            });
        }
    }

    /** Of a connection. Thread: libwebrtc's, which must not wait. */
    private final class Observer implements PeerConnectionObserver {
        private final int target;

        Observer(int target) {
            this.target = target;
        }

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {
            Signal to = signal;
            if (to == null) {
                return;
            }
            JsonObject init = Json.createObjectBuilder()
                    .add("candidate", candidate.sdp)
                    .add("sdpMid", candidate.sdpMid)
                    .add("sdpMLineIndex", candidate.sdpMLineIndex)
                    .build();
            to.notify(
                    "trickle",
                    Json.createObjectBuilder()
                            .add("target", target)
                            .add("candidate", init)
                            .build());
        }

        @Override
        public void onConnectionChange(RTCPeerConnectionState state) {
            if (target != PUBLISHER) {
                return;
            }
            if (state == RTCPeerConnectionState.CONNECTED) {
                publishing.complete(null);
            } else if (state == RTCPeerConnectionState.DISCONNECTED || state == RTCPeerConnectionState.FAILED) {
                workers.execute(Peer.this::restart);
            }
        }

        @Override
        public void onDataChannel(RTCDataChannel channel) {
            if (target == SUBSCRIBER && channel.getLabel().equals(API_CHANNEL)) {
                apiChannel.complete(null);
            }
        }

        @Override
        public void onTrack(RTCRtpTransceiver transceiver) {
            incoming.receives(transceiver.getMid(), transceiver.getReceiver().getTrack());
        }
    }
}
