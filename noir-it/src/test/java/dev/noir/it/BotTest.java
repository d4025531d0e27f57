package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Bots, by hand and as jobs, and {@code ./noir call}, at a server that wants to know who everybody is. One server for all: it costs most. */
@ResourceLock("all processors") // Beside servers that start, on two processors, bots and their commands come too late.
final class BotTest {
    private static final System.Logger LOG = System.getLogger(BotTest.class.getName());
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(30);
    private static final String ADMIN_TOKEN = "a-token-of-the-tests-alone";
    private static final int RECYCLE = 20;
    private static final int BOTS_OF_A_WAVE = 20;
    /** For long runs: -Dnoir.it.bots=1000. */
    private static final int WAVES = Integer.getInteger("noir.it.bots", 60) / BOTS_OF_A_WAVE;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    /** What a heap of this size may take back later. */
    private static final long NOISE_KILOBYTES = 80_000;

    @TempDir
    static Path work;

    private static Issuer issuer;
    private static NoirProcess noir;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        issuer = new Issuer();
        List<String> options = new ArrayList<>(Issuer.options(issuer.writeKeys(work.resolve("keys.json"))));
        int port = Instance.freePort();
        options.addAll(List.of(
                "-Dnoir.http.ports=" + port + ",0",
                "-Dnoir.admin.token=" + ADMIN_TOKEN,
                "-Dnoir.bots.jar=" + BotProcess.jar(),
                "-Dnoir.bots.recycle=" + RECYCLE));
        noir = NoirProcess.start(options.toArray(String[]::new));
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() throws Exception {
        webRtc.close();
        List<ProcessHandle> workers = workers();
        noir.close();
        for (ProcessHandle worker : workers) {
            Deadline.await("the end of a process of bots", MEDIA_LIMIT, () -> !worker.isAlive());
        }
    }

    private static Map<String, String> token(String user) throws Exception {
        return Map.of("NOIR_TOKEN", issuer.token(user, Instant.now().plusSeconds(600), "noir-user"));
    }

    private static IonPeer peer(String user) throws Exception {
        return peer(user, "noir-user");
    }

    private static IonPeer peer(String user, String... roles) throws Exception {
        String token = issuer.token(user, Instant.now().plusSeconds(600), roles);
        return new IonPeer(webRtc, URI.create(noir.signalling() + "?access_token=" + token));
    }

    /** Whose tracks somebody gets. */
    private static Set<String> hears(IonPeer peer) throws Exception {
        JsonObject own = peer.call("explain", JsonObject.EMPTY_JSON_OBJECT)
                .getJsonArray("peers")
                .getJsonObject(0);
        return own.getJsonObject("subscriber").getJsonArray("tracks").getValuesAs(JsonObject.class).stream()
                .map(track -> track.getString("uid"))
                .collect(Collectors.toSet());
    }

    private static String pages() throws IOException {
        return noir.http("").toString();
    }

    private static JsonObject admin(String method, String params) throws Exception {
        String body = "{\"id\":1,\"method\":\"" + method + "\",\"params\":" + params.replace('\'', '"') + "}";
        HttpRequest request = HttpRequest.newBuilder(noir.http("admin/rpc"))
                .header("Authorization", "Bearer " + ADMIN_TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        try (JsonReader reader = Json.createReader(new StringReader(answer.body()))) {
            JsonObject read = reader.readObject();
            assertTrue(read.containsKey("result"), answer.body());
            return read.getJsonObject("result");
        }
    }

    private static String startBot(String room, String name, String kind) throws Exception {
        return admin(
                        "jobs.start",
                        "{'kind':'Bot','room':'" + room + "','options':{'bot':'" + kind + "','name':'" + name + "'}}")
                .getString("job");
    }

    private static Map<String, JsonObject> jobs() throws Exception {
        return admin("jobs.list", "{}").getJsonArray("jobs").getValuesAs(JsonObject.class).stream()
                .collect(Collectors.toMap(job -> job.getString("job"), job -> job));
    }

    private static String state(String job) throws Exception {
        return Optional.ofNullable(jobs().get(job))
                .map(one -> one.getString("state"))
                .orElse("gone");
    }

    private static Set<String> running() throws Exception {
        return jobs().entrySet().stream()
                .filter(job -> job.getValue().getString("state").equals("running"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<String> peers(String room) throws Exception {
        return admin("peers.list", "{'room':'" + room + "'}")
                .getJsonArray("peers")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(peer -> peer.getString("uid"))
                .collect(Collectors.toSet());
    }

    private static void awaitOutput(BotProcess process, String words) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(MEDIA_LIMIT);
        while (!process.output().contains(words)) {
            deadline.pause(words + ", not " + process.output());
        }
    }

    private static List<ProcessHandle> workers() {
        return ProcessHandle.of(noir.pid()).orElseThrow().children().toList();
    }

    /** Of the server, and of its workers. */
    private static List<Long> memory() throws IOException {
        List<Long> all = new ArrayList<>(List.of(ProcessState.of(noir.pid()).residentKilobytes()));
        for (ProcessHandle worker : workers()) {
            try {
                all.add(ProcessState.of(worker.pid()).residentKilobytes());
            } catch (IOException e) {
                // It has ended just now.
            }
        }
        return all;
    }

    private static double metric(String name) throws Exception {
        HttpResponse<String> page = CLIENT.send(
                HttpRequest.newBuilder(noir.http("metrics"))
                        .header("Authorization", "Bearer " + ADMIN_TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return page.body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + page.body()));
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    private static JsonObject track(JsonObject summary, String kind) {
        return summary.getJsonArray("tracks").getValuesAs(JsonObject.class).stream()
                .filter(track -> track.getString("kind").equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(summary));
    }

    private static void awaitMore(IonPeer peer, String what) throws InterruptedException {
        long pictures = peer.videoFrames();
        long samples = peer.loudSamples();
        Deadline deadline = Deadline.in(MEDIA_LIMIT);
        while (peer.videoFrames() < pictures + 10 || peer.loudSamples() < samples + 4800) {
            deadline.pause(what + ": 10 pictures and 100 ms of sound more than " + pictures + " and " + samples);
        }
    }

    @Test
    void anAnnouncerByHandIsHeardAndLeavesByItself() throws Exception {
        try (IonPeer anna = peer("anna")) {
            anna.join("announcement", "anna");
            String url = pages();
            try (BotProcess announcer = BotProcess.start(
                    token("announcer"), "bot", "announcer", url, "announcement", "--option", "seconds=1")) {
                assertEquals(0, announcer.awaitExit(), announcer.output());
            }
            // A second of it, less what is decoded late.
            assertTrue(anna.loudSamples() > 20_000, () -> anna.loudSamples() + " samples");
        }
    }

    @Test
    void whatCannotBeDoneByHandIsSaid() throws Exception {
        String url = pages();
        try (BotProcess nobody = BotProcess.start("bot", "nobody", url, "r");
                BotProcess wrong = BotProcess.start("bot", "echo", url, "r", "--option", "x=y");
                BotProcess lost = BotProcess.start("bot", "echo", "http://localhost:1", "r")) {
            assertEquals(2, nobody.awaitExit());
            assertTrue(nobody.output().contains("there is no bot called nobody"), nobody.output());
            assertEquals(2, wrong.awaitExit());
            assertTrue(wrong.output().contains("an echo has no option x"), wrong.output());
            assertEquals(3, lost.awaitExit());
            assertTrue(lost.output().contains("nobody answers there"), lost.output());
        }
    }

    /** Both ways through the interface for applications; then its process crashes, and then hangs. */
    @Test
    void aProcessThatEndsTakesItsBotsAlongAndTheyComeBack() throws Exception {
        try (IonPeer anna = peer("anna");
                IonPeer bert = peer("bert");
                SyntheticMedia media = new SyntheticMedia(webRtc, "anna")) {
            anna.join("crash", "anna");
            bert.join("crash", "bert");
            anna.publish("stream-anna", media.tracks());
            String job = startBot("crash", "echo", "echo");
            awaitMore(anna, "the echo");
            awaitMore(bert, "anna");
            for (String death : List.of("SEGV", "STOP")) {
                double crashes = metric("noir_bot_worker_crashes_total");
                Set<ProcessHandle> before = Set.copyOf(workers());
                for (ProcessHandle worker : before) {
                    signal(death, worker);
                }
                awaitMore(bert, "the call that goes on after " + death);
                Deadline.await(
                        "the loss to be noticed after " + death,
                        Duration.ofSeconds(10),
                        () -> metric("noir_bot_worker_crashes_total") > crashes);
                Deadline.await("a new process after " + death, MEDIA_LIMIT, () -> workers().stream()
                        .anyMatch(worker -> !before.contains(worker)));
                Deadline.await(
                        "the bot in the room", MEDIA_LIMIT, () -> state(job).equals("running"));
                awaitMore(anna, "the echo after " + death);
            }
            assertEquals(1, metric("noir_bot_worker_hangs_total"));
            admin("jobs.stop", "{'job':'" + job + "'}");
            assertEquals("gone", state(job));
        }
    }

    /** As a job and by hand; the password is one that neither has been told. */
    @Test
    void whoIsMovedGoesOnBehindAClosedDoor() throws Exception {
        admin("rooms.create", "{'room':'behind','joinPassword':'horse'}");
        String job = startBot("before", "echo", "echo");
        try (BotProcess byHand = BotProcess.start(token("hand"), "bot", "echo", pages(), "before", "--uid", "hand")) {
            Deadline.await("the bot in the room", MEDIA_LIMIT, () -> state(job).equals("running"));
            awaitOutput(byHand, "joined before as hand");
            for (String uid : List.of("echo", "hand")) {
                admin("peers.move", "{'room':'before','uid':'" + uid + "','to':'behind'}");
            }
            awaitOutput(byHand, "joined behind as hand");
            Deadline.await("the bot in the other room", MEDIA_LIMIT, () -> {
                JsonObject moved = jobs().get(job);
                return moved.getString("state").equals("running")
                        && moved.getString("says", "").equals("moved to behind");
            });
            assertEquals(Set.of("echo", "hand"), peers("behind"));
            byHand.terminate();
            assertEquals(0, byHand.awaitExit(), byHand.output());
        }
        admin("jobs.stop", "{'job':'" + job + "'}");
    }

    /** Not even who says in his token that he is one for the lobby. */
    @Test
    void whoWaitsIsPlayedToAndNobodyElse() throws Exception {
        admin("rooms.create", "{'room':'stage','policy':'lobby = yes'}");
        String job = admin(
                        "jobs.start",
                        "{'kind':'Bot','room':'stage','options':{'bot':'announcer','name':'welcome','lobby':true,"
                                + "'options':{'repeat':-1,'pause':0}}}")
                .getString("job");
        try (IonPeer host = peer("host", "noir-user", "noir-moderator");
                IonPeer guest = peer("guest");
                IonPeer eve = peer("eve", "noir-user", "attendant", "ATTENDANT", "lobby");
                SyntheticMedia media = new SyntheticMedia(webRtc, "host");
                SyntheticMedia noise = new SyntheticMedia(webRtc, "eve")) {
            host.join("stage", "host");
            host.publish("stream-host", media.tracks());
            assertEquals("waiting", state(job));
            eve.join("stage", "eve");
            eve.publish("stream-eve", noise.tracks());
            guest.join("stage", "guest");
            Deadline.await("the announcer", MEDIA_LIMIT, () -> guest.loudSamples() > 4800 && eve.loudSamples() > 4800);
            assertEquals("running", state(job));
            assertEquals(Set.of("welcome"), hears(guest));
            admin("peers.admit", "{'room':'stage','uid':'guest'}");
            Deadline.await("the meeting", MEDIA_LIMIT, () -> guest.videoFrames() > 10);
            assertEquals(Set.of("host"), hears(guest));
            assertEquals(Set.of("welcome"), hears(eve));
            assertEquals(0, host.remoteTracks());
        }
        admin("jobs.stop", "{'job':'" + job + "'}");
    }

    @Test
    void aBotThatThereIsNotFailsAndSaysWhy() throws Exception {
        String job = startBot("none", "x", "nobody");
        Deadline.await("its failure", MEDIA_LIMIT, () -> state(job).equals("failed"));
        String why = jobs().get(job).getString("failure");
        assertTrue(why.contains("there is no bot called nobody"), why);
    }

    /** As many as one likes: docs/bots.md has what a thousand cost. */
    @Test
    void botsComeAndGoAndNothingPilesUp() throws Exception {
        long resident = 0;
        for (int wave = 0; wave < WAVES; wave++) {
            Set<String> started = new HashSet<>();
            for (int i = 0; i < BOTS_OF_A_WAVE; i++) {
                started.add(startBot("wave-" + i % 3, "bot-" + wave + "-" + i, "echo"));
            }
            Deadline.await(
                    "the bots of wave " + wave, MEDIA_LIMIT, () -> running().containsAll(started));
            for (String job : started) {
                admin("jobs.stop", "{'job':'" + job + "'}");
            }
            if (wave == 0) {
                resident = ProcessState.of(noir.pid()).residentKilobytes();
            }
            if (wave % 5 == 0) {
                LOG.log(System.Logger.Level.INFO, "after {0} bots, KiB: {1}", (wave + 1) * BOTS_OF_A_WAVE, memory());
            }
        }
        long grown = ProcessState.of(noir.pid()).residentKilobytes() - resident;
        assertTrue(grown < NOISE_KILOBYTES, "the server has grown by " + grown + " KiB");
        int replaced = WAVES * BOTS_OF_A_WAVE / RECYCLE - 1;
        Deadline.await(
                "processes that have had enough to be replaced",
                MEDIA_LIMIT,
                () -> metric("noir_bot_workers_recycled_total") >= replaced);
        Deadline.await("their end", MEDIA_LIMIT, () -> workers().size() <= 2);
        assertFalse(jobs().values().stream()
                .anyMatch(one -> one.getString("uid", "").startsWith("bot-")));
    }

    /** Ended by a signal, it still says what it has seen. */
    @Test
    void theCallerSeesAndIsSeenAndSaysSo() throws Exception {
        try (IonPeer anna = peer("anna");
                SyntheticMedia media = new SyntheticMedia(webRtc, "anna");
                BotProcess caller = BotProcess.start(
                        token("bert"),
                        "call",
                        pages(),
                        "call",
                        "--json",
                        "--seconds",
                        "0",
                        "--expect",
                        "1",
                        "--uid",
                        "bert")) {
            anna.join("call", "anna");
            anna.publish("stream-anna", media.tracks());
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (anna.videoFrames() < 20 || anna.loudSamples() < 4800) {
                deadline.pause("the caller's picture and tone: " + caller.output());
            }
            JsonObject seen = caller.await("seen");
            assertEquals("udp", seen.getJsonObject("up").getString("protocol"));
            assertEquals("host", seen.getJsonObject("down").getString("remote"));
            caller.terminate();
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

    @Test
    void whoIsExpectedAndNotThereIsMissed() throws Exception {
        try (BotProcess caller = BotProcess.start(
                token("caller"),
                "call",
                noir.signalling().toString(),
                "alone",
                "--seconds",
                "1",
                "--expect",
                "1",
                "--no-publish")) {
            assertEquals(1, caller.awaitExit());
            assertTrue(caller.output().contains("joined alone as call-"), caller.output());
            assertTrue(caller.output().contains("pictures of 0 participants, 1 expected"), caller.output());
        }
    }

    @Test
    void whatTheCallerCannotDoHasAnExitCodeAndWords() throws Exception {
        String url = pages();
        Path broken = Files.createDirectories(work.resolve("libraries"));
        Files.writeString(broken.resolve("libX11.so.6"), "no library");
        List<BotProcess> callers = List.of(
                BotProcess.start("call", "http://localhost:1", "r"),
                BotProcess.start(token("caller"), "call", url, "line\nfeed"),
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
