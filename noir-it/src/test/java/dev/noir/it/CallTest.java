package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Calls between libwebrtc participants through a running server: the fast end-to-end test. What browsers add (pages,
 * SDK versions, codecs) is tested in {@code e2e/}.
 */
class CallTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(20);

    private static NoirProcess noir;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        noir = NoirProcess.start();
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        noir.close();
    }

    @Test
    void oneListensToWhatTheOtherPublishes() throws Exception {
        try (IonPeer publisher = new IonPeer(webRtc, noir.signalling());
                IonPeer listener = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "one-way")) {
            publisher.join("one-way", "publisher");
            listener.join("one-way", "listener");
            publisher.publish("stream-1", media.tracks());
            awaitMedia(listener);
            assertEquals(0, publisher.videoFrames(), "nobody gets his own tracks back");
        }
    }

    @Test
    void bothSeeAndHearEachOtherAndALateComerBoth() throws Exception {
        try (IonPeer anna = new IonPeer(webRtc, noir.signalling());
                IonPeer bert = new IonPeer(webRtc, noir.signalling());
                IonPeer late = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia annas = new SyntheticMedia(webRtc, "anna");
                SyntheticMedia berts = new SyntheticMedia(webRtc, "bert")) {
            anna.join("both", "anna");
            bert.join("both", "bert");
            anna.publish("stream-anna", annas.tracks());
            bert.publish("stream-bert", berts.tracks());
            awaitMedia(anna);
            awaitMedia(bert);
            late.join("both", "late");
            awaitMedia(late);
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (late.remoteVideoTracks() < 2) {
                deadline.pause("the late comer to get both video tracks");
            }
        }
    }

    @Test
    void roomsDoNotHearEachOther() throws Exception {
        try (IonPeer here = new IonPeer(webRtc, noir.signalling());
                IonPeer alsoHere = new IonPeer(webRtc, noir.signalling());
                IonPeer elsewhere = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "here")) {
            elsewhere.join("elsewhere", "elsewhere");
            here.join("here", "here");
            alsoHere.join("here", "also-here");
            here.publish("stream-here", media.tracks());
            awaitMedia(alsoHere);
            assertEquals(0, elsewhere.videoFrames());
            assertEquals(0, elsewhere.remoteVideoTracks());
        }
    }

    @Test
    void endsCleanlyWhenTheServerStopsInTheMiddleOfACall() throws Exception {
        try (NoirProcess other = NoirProcess.start();
                IonPeer publisher = new IonPeer(webRtc, other.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "stop")) {
            publisher.join("stop", "publisher");
            publisher.publish("stream-stop", media.tracks());
            int exit = other.stop();
            assertTrue(exit == 0 || exit == 143, "exit code " + exit); // 143 = ended by SIGTERM as asked.
        }
    }

    private static void awaitMedia(IonPeer peer) throws InterruptedException {
        Deadline deadline = Deadline.in(MEDIA_LIMIT);
        while (peer.videoFrames() < 30 || peer.loudSamples() < 4800) {
            deadline.pause("30 video frames and 100 ms of sound, not " + peer.videoFrames() + " and "
                    + peer.loudSamples() + " samples");
        }
    }
}
