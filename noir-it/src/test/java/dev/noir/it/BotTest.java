package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bots that are started by hand. */
final class BotTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(30);

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

    /** Both ways through the interface for applications: decoded pictures and sound in, the same out. */
    @Test
    void anEchoSendsBackWhatItSeesAndHears() throws Exception {
        try (IonPeer anna = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "anna");
                BotProcess echo = BotProcess.start("bot", "echo", noir.http("").toString(), "echo")) {
            anna.join("echo", "anna");
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (anna.remoteTracks() < 2) {
                deadline.pause("what the echo publishes: " + echo.output());
            }
            assertEquals(0, anna.videoFrames(), "there is nothing to be sent back yet");
            assertEquals(0, anna.loudSamples());
            anna.publish("stream-anna", media.tracks());
            while (anna.videoFrames() < 20 || anna.loudSamples() < 4800) {
                deadline.pause("20 pictures and 100 ms of sound, not " + anna.videoFrames() + " and "
                        + anna.loudSamples() + " samples: " + echo.output());
            }
            echo.terminate();
            assertEquals(0, echo.awaitExit());
            assertTrue(echo.output().contains("left"), echo.output());
        }
    }

    @Test
    void anAnnouncerIsHeardAndLeavesByItself() throws Exception {
        try (IonPeer anna = new IonPeer(webRtc, noir.signalling())) {
            anna.join("announcement", "anna");
            try (BotProcess announcer = BotProcess.start(
                    "bot", "announcer", noir.http("").toString(), "announcement", "--option", "seconds=1")) {
                assertEquals(0, announcer.awaitExit());
            }
            // A second of it, less what is decoded late.
            assertTrue(anna.loudSamples() > 20_000, () -> anna.loudSamples() + " samples");
        }
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        try (BotProcess nobody = BotProcess.start("bot", "nobody", noir.http("").toString(), "r");
                BotProcess wrong = BotProcess.start("bot", "echo", noir.http("").toString(), "r", "--option", "x=y");
                BotProcess lost = BotProcess.start("bot", "echo", "http://localhost:1", "r")) {
            assertEquals(2, nobody.awaitExit());
            assertTrue(nobody.output().contains("there is no bot called nobody"), nobody.output());
            assertEquals(2, wrong.awaitExit());
            assertTrue(wrong.output().contains("an echo has no option x"), wrong.output());
            assertEquals(3, lost.awaitExit());
            assertTrue(lost.output().contains("nobody answers there"), lost.output());
        }
    }
}
