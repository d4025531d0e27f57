package dev.noir.bot.rtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCBundlePolicy;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One of libwebrtc's, asked and waited for. Thread: any but libwebrtc's own, which it waits for. */
final class Connection {
    private static final int PATIENCE_SECONDS = 20;

    private final RTCPeerConnection connection;

    Connection(PeerConnectionFactory factory, PeerConnectionObserver observer) {
        RTCConfiguration configuration = new RTCConfiguration();
        configuration.bundlePolicy = RTCBundlePolicy.MAX_BUNDLE;
        connection = factory.createPeerConnection(configuration, observer);
    }

    void createChannel(String label) {
        connection.createDataChannel(label, new RTCDataChannelInit());
    }

    void send(MediaStreamTrack track, String stream) {
        RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
        init.direction = RTCRtpTransceiverDirection.SEND_ONLY;
        init.streamIds = List.of(stream);
        connection.addTransceiver(track, init);
    }

    /** Of the next offer. */
    void restartIce() {
        connection.restartIce();
    }

    /** A new offer, which is in force on this side. */
    JsonObject offer() throws RtcException, InterruptedException {
        CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new Created(created));
        return setLocal(await(created, "an offer"));
    }

    /** To an offer, with which both are in force on this side. */
    JsonObject answer() throws RtcException, InterruptedException {
        CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
        connection.createAnswer(new RTCAnswerOptions(), new Created(created));
        return setLocal(await(created, "an answer"));
    }

    private JsonObject setLocal(RTCSessionDescription description) throws RtcException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setLocalDescription(description, new Applied(done));
        await(done, "our own description");
        return Json.createObjectBuilder()
                .add("type", description.sdpType == RTCSdpType.OFFER ? "offer" : "answer")
                .add("sdp", description.sdp)
                .build();
    }

    void setRemote(RTCSdpType type, String sdp) throws RtcException, InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        connection.setRemoteDescription(new RTCSessionDescription(type, sdp), new Applied(done));
        await(done, "the server's description");
    }

    /** By their ids, as W3C's webrtc-stats names them and what is in them. */
    Map<String, RTCStats> stats() throws RtcException, InterruptedException {
        CompletableFuture<RTCStatsReport> report = new CompletableFuture<>();
        connection.getStats(report::complete);
        return await(report, "numbers").getStats();
    }

    /** What it holds of memory is not given back: the binding cannot. */
    void close() {
        connection.close();
    }

    private static <T> T await(CompletableFuture<T> result, String what) throws RtcException, InterruptedException {
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new RtcException(what + ": " + RtcException.of(e).getMessage(), e);
        } catch (TimeoutException e) {
            throw new RtcException(what + ": libwebrtc does not answer", e);
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
