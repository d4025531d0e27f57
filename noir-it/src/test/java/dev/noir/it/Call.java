package dev.noir.it;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Two libwebrtc participants of one room who publish picture and sound to each other. */
final class Call implements AutoCloseable {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(30);
    private static final int CLOSE_SECONDS = 20;
    private static final int SOUND_SAMPLES = 4800; // 100 ms.

    private final IonPeer anna;
    private final IonPeer bert;
    private final SyntheticMedia annas;
    private final SyntheticMedia berts;

    Call(WebRtc webRtc, URI signalling, String room) throws Exception {
        this(webRtc, signalling, room, Map.of());
    }

    /** @param headers of both handshakes */
    Call(WebRtc webRtc, URI signalling, String room, Map<String, String> headers) throws Exception {
        anna = new IonPeer(webRtc, signalling, headers);
        bert = new IonPeer(webRtc, signalling, headers);
        annas = new SyntheticMedia(webRtc, "anna");
        berts = new SyntheticMedia(webRtc, "bert");
        try {
            anna.join(room, "anna");
            bert.join(room, "bert");
            anna.publish("stream-anna", annas.tracks());
            bert.publish("stream-bert", berts.tracks());
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Until both see and hear each other. */
    void awaitMedia() throws InterruptedException {
        for (IonPeer peer : List.of(anna, bert)) {
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (peer.videoFrames() < 10 || peer.loudSamples() < SOUND_SAMPLES) {
                deadline.pause("10 pictures and 100 ms of sound, not " + peer.videoFrames() + " and "
                        + peer.loudSamples() + " samples");
            }
        }
    }

    /** The codes with which the server closes both sockets. */
    List<Integer> awaitClosed() throws InterruptedException, ExecutionException, TimeoutException {
        return List.of(
                anna.closed().get(CLOSE_SECONDS, TimeUnit.SECONDS),
                bert.closed().get(CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        annas.close();
        berts.close();
        anna.close();
        bert.close();
    }
}
