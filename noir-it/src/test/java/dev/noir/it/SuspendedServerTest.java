package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * WildFly is suspended, as before maintenance, and refuses what is new, requests and tasks alike. A call that is there goes on, and
 * noiR is whole again after it.
 */
final class SuspendedServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void aCallGoesOnAndItsEndIsNotMissed() throws Exception {
        try (WildflyProcess wildfly = WildflyProcess.start(Distribution.of("noir.it.wildfly"));
                WebRtc webRtc = new WebRtc()) {
            wildfly.awaitStarted();
            wildfly.deploy();
            try (IonPeer anna = new IonPeer(webRtc, wildfly.signalling());
                    SyntheticMedia media = new SyntheticMedia(webRtc, "anna")) {
                anna.join("suspended", "anna");
                try (IonPeer bert = new IonPeer(webRtc, wildfly.signalling())) {
                    bert.join("suspended", "bert");
                    wildfly.command(":suspend");
                    assertEquals(503, wildfly.get("health/ready").statusCode());
                    anna.publish("stream-anna", media.tracks());
                    Deadline.await("pictures of who has just begun to send", LIMIT, () -> bert.videoFrames() >= 10);
                }
                wildfly.command(":resume");
                isWhole(wildfly, webRtc);
                wildfly.process.stop();
            }
            assertFalse(wildfly.process.output().contains("Not drained in time"), wildfly.process.output());
        }
    }

    /** One has left, and another one can come. */
    private static void isWhole(WildflyProcess wildfly, WebRtc webRtc) throws Exception {
        Metric peers = new Metric(() -> wildfly.get("metrics"), "noir_peers");
        Deadline.await("one peer", LIMIT, () -> peers.value() == 1);
        try (IonPeer carl = new IonPeer(webRtc, wildfly.signalling())) {
            carl.join("suspended", "carl");
            Deadline.await("pictures for who comes after it", LIMIT, () -> carl.videoFrames() >= 10);
        }
    }
}
