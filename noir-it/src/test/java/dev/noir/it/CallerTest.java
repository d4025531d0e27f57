package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./noir call}: what it sees, and what it ends with. */
final class CallerTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(30);

    @TempDir
    static Path work;

    private static NoirProcess noir;
    private static String url;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        noir = NoirProcess.start();
        url = noir.http("").toString();
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        noir.close();
    }

    private static JsonObject track(JsonObject summary, String kind) {
        return summary.getJsonArray("tracks").getValuesAs(JsonObject.class).stream()
                .filter(track -> track.getString("kind").equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(summary));
    }

    @Test
    void itSeesAndIsSeenAndSaysSo() throws Exception {
        try (IonPeer anna = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "anna")) {
            anna.join("call", "anna");
            anna.publish("stream-anna", media.tracks());
            try (BotProcess caller = BotProcess.start(
                    "call", url, "call", "--json", "--seconds", "7", "--expect", "1", "--uid", "bert")) {
                Deadline deadline = Deadline.in(MEDIA_LIMIT);
                while (anna.videoFrames() < 20 || anna.loudSamples() < 4800) {
                    deadline.pause("the caller's picture and tone: " + caller.output());
                }
                JsonObject seen = caller.await("seen");
                assertEquals("udp", seen.getJsonObject("up").getString("protocol"));
                assertEquals("host", seen.getJsonObject("down").getString("remote"));
                assertEquals(0, caller.awaitExit(), caller.output());
                assertEquals("bert", caller.await("joined").getString("uid"));
                JsonObject summary = caller.await("summary");
                assertEquals(1, summary.getInt("decoded"));
                assertEquals("anna", track(summary, "video").getString("uid"));
                assertEquals(320, track(summary, "video").getInt("width"));
                assertTrue(track(summary, "video").getInt("pictures") > 20, summary::toString);
                assertTrue(track(summary, "video").containsKey("firstPictureMs"), summary::toString);
                assertTrue(track(summary, "audio").getInt("level") > -30, summary::toString);
            }
        }
    }

    /** Ended by a signal, it still says what it has seen. */
    @Test
    void whoIsExpectedAndNotThereIsMissed() throws Exception {
        try (BotProcess caller = BotProcess.start(
                "call", noir.signalling().toString(), "alone", "--seconds", "0", "--expect", "1", "--no-publish")) {
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (!caller.output().contains("joined alone as call-")) {
                deadline.pause("the caller in the room: " + caller.output());
            }
            caller.terminate();
            assertEquals(1, caller.awaitExit());
            assertTrue(caller.output().contains("pictures of 0 participants, 1 expected"), caller.output());
        }
    }

    @Test
    void whatItCannotDoHasAnExitCodeAndWords() throws Exception {
        Path broken = Files.createDirectories(work.resolve("libraries"));
        Files.writeString(broken.resolve("libX11.so.6"), "no library");
        List<BotProcess> callers = List.of(
                BotProcess.start("call", "http://localhost:1", "r"),
                BotProcess.start("call", url, "line\nfeed"),
                BotProcess.start("call", url),
                BotProcess.start(Map.of("LD_LIBRARY_PATH", broken.toString()), "call", url, "r"),
                BotProcess.start("call", "--help"));
        List<Integer> codes = List.of(3, 3, 2, 2, 0);
        List<String> words = List.of(
                "nobody answers there",
                "failed: ",
                "an address and a room are needed",
                "apt-get install --no-install-recommends libx11-6",
                "--expect N");
        for (int i = 0; i < callers.size(); i++) {
            try (BotProcess caller = callers.get(i)) {
                assertEquals(codes.get(i), caller.awaitExit(), caller.output());
                assertTrue(caller.output().contains(words.get(i)), caller.output());
            }
        }
    }
}
