package dev.noir.it;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.RTCStatsType;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.video.VideoTrack;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One participant made of libwebrtc, doing in Java what {@code ion-sdk-js} does in a page: a publishing and a
 * subscribing connection, the first offered by us, the second by the server.
 */
final class IonPeer implements AutoCloseable {
    private static final int PUBLISHER = 0;
    private static final int SUBSCRIBER = 1;
    private static final int DEADLINE_SECONDS = 20;

    private final IonSignal signal;
    private final RTCPeerConnection publisher;
    private final RTCPeerConnection subscriber;
    // libwebrtc calls back on its own threads and must not be called from there and waited for.
    private final ExecutorService work = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Void> apiChannel = new CompletableFuture<>();
    private final AtomicLong videoFrames = new AtomicLong();
    private final AtomicInteger remoteTracks = new AtomicInteger();
    private final Set<MediaStreamTrack> remoteVideo = ConcurrentHashMap.newKeySet();
    private final AtomicLong loudSamples = new AtomicLong();

    IonPeer(WebRtc webRtc, URI uri) {
        this(webRtc, uri, Map.of());
    }

    /** @param headers of the handshake */
    IonPeer(WebRtc webRtc, URI uri, Map<String, String> headers) {
        signal = new IonSignal(uri, headers);
        publisher = webRtc.sending().createPeerConnection(new RTCConfiguration(), new Observer(PUBLISHER));
        subscriber = webRtc.receiving().createPeerConnection(new RTCConfiguration(), new Observer(SUBSCRIBER));
        signal.on("offer", params -> work.execute(() -> answer(params)));
        signal.on("trickle", params -> work.execute(() -> addCandidate(params)));
    }

    /** Joins and waits for the server's data channel, as SDK 1.8 does. */
    void join(String room, String uid) throws Exception {
        publisher.createDataChannel("ion-sfu", new RTCDataChannelInit());
        JsonObject offer = setLocal(publisher, offer(publisher));
        JsonObject params = Json.createObjectBuilder()
                .add("sid", room)
                .add("uid", uid)
                .add("offer", offer)
                .build();
        setRemote(publisher, RTCSdpType.ANSWER, signal.call("join", params).get());
        apiChannel.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Completes with the code that the socket is closed with. */
    CompletableFuture<Integer> closed() {
        return signal.closed();
    }

    void publish(String streamId, MediaStreamTrack... tracks) throws Exception {
        setRemote(publisher, RTCSdpType.ANSWER, offer(streamId, tracks));
    }

    /** Sends on what the answer has refused, as somebody does who has changed his SDK. */
    void publishAnyway(String streamId, MediaStreamTrack... tracks) throws Exception {
        JsonObject answer = offer(streamId, tracks);
        String changed = answer.getString("sdp").replace("a=inactive", "a=recvonly");
        setRemote(
                publisher,
                RTCSdpType.ANSWER,
                Json.createObjectBuilder(answer).add("sdp", changed).build());
    }

    /** The answer. */
    private JsonObject offer(String streamId, MediaStreamTrack... tracks) throws Exception {
        for (MediaStreamTrack track : tracks) {
            RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
            init.direction = RTCRtpTransceiverDirection.SEND_ONLY;
            init.streamIds = List.of(streamId);
            publisher.addTransceiver(track, init);
        }
        JsonObject desc = setLocal(publisher, offer(publisher));
        return call("offer", Json.createObjectBuilder().add("desc", desc).build());
    }

    /** The result; fails with what the server says against it. */
    JsonObject call(String method, JsonObject params) throws Exception {
        return signal.call(method, params).get();
    }

    /** The params of each notification of this method from now on. */
    BlockingQueue<JsonObject> notifications(String method) {
        BlockingQueue<JsonObject> queue = new LinkedBlockingQueue<>();
        signal.on(method, queue::add);
        return queue;
    }

    /** RTP packets received of tracks that are there now. */
    long packetsReceived() throws Exception {
        return sum(subscriber, RTCStatsType.INBOUND_RTP, "packetsReceived");
    }

    /** RTP packets sent of tracks that are there now. */
    long packetsSent() throws Exception {
        return sum(publisher, RTCStatsType.OUTBOUND_RTP, "packetsSent");
    }

    private static long sum(RTCPeerConnection connection, RTCStatsType type, String attribute) throws Exception {
        CompletableFuture<RTCStatsReport> report = new CompletableFuture<>();
        connection.getStats(report::complete);
        return report.get(DEADLINE_SECONDS, TimeUnit.SECONDS).getStats().values().stream()
                .filter(stats -> stats.getType() == type)
                .mapToLong(stats -> stats.getAttributes().get(attribute) instanceof Number n ? n.longValue() : 0)
                .sum();
    }

    /** Decoded frames of all remote video tracks. */
    long videoFrames() {
        return videoFrames.get();
    }

    /** Tracks that the server has offered us. */
    int remoteTracks() {
        return remoteTracks.get();
    }

    /** Remote video tracks that have shown at least one decoded frame. */
    int remoteVideoTracks() {
        return remoteVideo.size();
    }

    /** Decoded audio samples that are not silence, of all remote audio tracks. */
    long loudSamples() {
        return loudSamples.get();
    }

    @Override
    public void close() {
        signal.close();
        publisher.close();
        subscriber.close();
        work.shutdownNow();
    }

    private void answer(JsonObject offer) {
        try {
            setRemote(subscriber, RTCSdpType.OFFER, offer);
            CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
            subscriber.createAnswer(new RTCAnswerOptions(), new Created(created));
            JsonObject desc = setLocal(subscriber, created.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
            signal.notify("answer", Json.createObjectBuilder().add("desc", desc).build());
        } catch (Exception failure) {
            apiChannel.completeExceptionally(failure);
        }
    }

    private void addCandidate(JsonObject params) {
        JsonObject candidate = params.getJsonObject("candidate");
        RTCPeerConnection to = params.getInt("target") == PUBLISHER ? publisher : subscriber;
        if (to.getRemoteDescription() == null) {
            return; // The description that is still on its way has the candidates in it.
        }
        to.addIceCandidate(new RTCIceCandidate(
                candidate.getString("sdpMid", ""),
                candidate.getInt("sdpMLineIndex", 0),
                candidate.getString("candidate")));
    }

    private static RTCSessionDescription offer(RTCPeerConnection connection) throws Exception {
        CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new Created(created));
        return created.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static JsonObject setLocal(RTCPeerConnection connection, RTCSessionDescription description)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setLocalDescription(description, new Applied(done));
        done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        return Json.createObjectBuilder()
                .add("type", description.sdpType == RTCSdpType.OFFER ? "offer" : "answer")
                .add("sdp", description.sdp)
                .build();
    }

    private static void setRemote(RTCPeerConnection connection, RTCSdpType type, JsonObject description)
            throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setRemoteDescription(
                new RTCSessionDescription(type, description.getString("sdp")), new Applied(done));
        done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private void watch(MediaStreamTrack track) {
        if (track instanceof VideoTrack video) {
            video.addSink(frame -> {
                remoteVideo.add(track);
                videoFrames.incrementAndGet();
            });
        } else if (track instanceof AudioTrack audio) {
            audio.addSink((data, bits, rate, channels, frames) -> {
                for (int i = 0; i + 1 < data.length; i += 2) {
                    int sample = (short) ((data[i + 1] << 8) | (data[i] & 0xFF));
                    if (Math.abs(sample) > 500) {
                        loudSamples.incrementAndGet();
                    }
                }
            });
        }
    }

    private final class Observer implements PeerConnectionObserver {
        private final int target;

        Observer(int target) {
            this.target = target;
        }

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {
            JsonObject init = Json.createObjectBuilder()
                    .add("candidate", candidate.sdp)
                    .add("sdpMid", candidate.sdpMid)
                    .add("sdpMLineIndex", candidate.sdpMLineIndex)
                    .build();
            signal.notify(
                    "trickle",
                    Json.createObjectBuilder()
                            .add("target", target)
                            .add("candidate", init)
                            .build());
        }

        @Override
        public void onDataChannel(RTCDataChannel channel) {
            if (target == SUBSCRIBER && channel.getLabel().equals("ion-sfu")) {
                apiChannel.complete(null);
            }
        }

        @Override
        public void onTrack(RTCRtpTransceiver transceiver) {
            remoteTracks.incrementAndGet();
            watch(transceiver.getReceiver().getTrack());
        }
    }

    private record Created(CompletableFuture<RTCSessionDescription> result)
            implements CreateSessionDescriptionObserver {
        @Override
        public void onSuccess(RTCSessionDescription description) {
            result.complete(description);
        }

        @Override
        public void onFailure(String error) {
            result.completeExceptionally(new IllegalStateException(error));
        }
    }

    private record Applied(CompletableFuture<Void> result) implements SetSessionDescriptionObserver {
        @Override
        public void onSuccess() {
            result.complete(null);
        }

        @Override
        public void onFailure(String error) {
            result.completeExceptionally(new IllegalStateException(error));
        }
    }
}
