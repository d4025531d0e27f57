package dev.noir.media;

import static dev.noir.media.LoopCall.call;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The boundary with native code; the build runs it under {@code -Xcheck:jni}. */
@Timeout(60)
class MediaLoopTest {

    private static final MediaCertificate CERTIFICATE = MediaCertificate.generate();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String PWD = "a-password-of-ours-0123456789";

    private final RecordingEvents events = new RecordingEvents();
    private final List<MediaLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        loops.forEach(MediaLoop::close);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void executesTasksInOrder() throws Exception {
        MediaLoop loop = start();
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, 1_000).forEach(i -> assertTrue(loop.post(commands -> order.add(i))));
        assertEquals(IntStream.range(0, 1_000).boxed().toList(), call(loop, commands -> List.copyOf(order)));
    }

    @Test
    void executesWhatWasPostedBeforeRun() throws Exception {
        MediaLoop loop = open();
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        assertTrue(loop.post(commands -> ran.complete(Thread.currentThread())));
        Thread thread = run(loop);
        assertEquals(thread, ran.get(10, TimeUnit.SECONDS));
    }

    @Test
    void failingTaskDoesNotEndTheLoop() throws Exception {
        MediaLoop loop = start();
        loop.post(commands -> {
            throw new IllegalStateException("expected by the test");
        });
        assertEquals("alive", call(loop, commands -> "alive"));
    }

    @Test
    void answersConnectivityChecks() throws Exception {
        MediaLoop loop = start();
        call(loop, commands -> openTransport(commands, "frag"));
        assertTrue(StunProbe.isAnswered(LOOPBACK, loop.port(), "frag:them", PWD));
        LoopCounters counters = call(loop, LoopCommands::counters);
        assertEquals(1, counters.datagramsIn());
        assertEquals(1, counters.transports());
    }

    @Test
    void tellsHowWellItServes() throws Exception {
        MediaLoop loop = start();
        LoopQuality quality = call(loop, LoopCommands::quality);
        assertEquals(LoopQuality.DELAY_BOUNDS, quality.delays().bounds());
        assertEquals(0, quality.feedback());
        assertEquals(0, quality.freezes().get(LoopQuality.Freeze.LATE));
        assertEquals(List.of(), call(loop, LoopCommands::takeLayerSwitches));
    }

    @Test
    void answersConnectivityChecksOverTcp() throws Exception {
        MediaLoop loop = start();
        assertTrue(loop.acceptsTcp());
        call(loop, commands -> openTransport(commands, "frag"));
        try (Socket client = new Socket(LOOPBACK, loop.port())) {
            client.getOutputStream().write(StunProbe.framedRequest("frag:them", PWD));
            assertTrue(StunProbe.isAnswered(client, PWD));
            assertEquals(1, call(loop, LoopCommands::counters).tcpConnections());
            assertEquals(1, call(loop, LoopCommands::counters).tcpOpened());
        }
        MediaConfig without = new MediaConfig(
                0,
                List.of(LOOPBACK),
                CERTIFICATE,
                MediaLimits.DEFAULT,
                0,
                AudioSettings.DEFAULT,
                false,
                Optional.empty());
        try (MediaLoop udpAlone = MediaLoop.open(without, events)) {
            assertFalse(udpAlone.acceptsTcp());
        }
    }

    @Test
    void adoptsAConnectionOfWhichNothingHasBeenRead() throws Exception {
        MediaLoop loop = start();
        call(loop, commands -> openTransport(commands, "frag"));
        assertTrue(MediaLoop.canAdopt());
        try (ServerSocketChannel pages = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
                Socket client = new Socket(LOOPBACK, pages.socket().getLocalPort())) {
            byte[] request = StunProbe.framedRequest("frag:them", PWD);
            byte[] first = new byte[4];
            try (SocketChannel accepted = pages.accept()) {
                assertEquals(0, MediaLoop.peek(accepted, first), "nothing has come");
                client.getOutputStream().write(request);
                while (MediaLoop.peek(accepted, first) == 0) {
                    Thread.onSpinWait();
                }
                assertEquals(first.length, MediaLoop.peek(accepted, first));
                assertArrayEquals(Arrays.copyOf(request, first.length), first);
                assertTrue(loop.adopt(accepted));
            }
            assertTrue(StunProbe.isAnswered(client, PWD));
        }
        loop.close();
        try (SocketChannel none = SocketChannel.open()) {
            assertFalse(loop.adopt(none));
            assertEquals(-1, MediaLoop.peek(none, new byte[1]));
        }
    }

    @Test
    void staleIdsNameNothing() throws Exception {
        MediaLoop loop = start();
        TransportId transport = call(loop, commands -> openTransport(commands, "frag"));
        call(loop, commands -> {
            commands.closeTransport(transport);
            return true;
        });
        assertEquals(true, call(loop, commands -> {
            commands.closeTransport(transport);
            commands.setRemote(transport, remote());
            commands.restartIce(transport, "new", PWD);
            commands.setExtensions(transport, List.of(HeaderExtensions.NONE));
            commands.removeTrack(new TrackId(42));
            commands.setSquelched(new TrackId(42), true);
            commands.removeDownTrack(new DownTrackId(-1));
            commands.setDownTrack(new DownTrackId(42), new DownTrackWish(true, 0, 0, 0, 0, 0));
            return !commands.send(transport, 0, true, new byte[10]);
        }));
        assertNotFound(loop, commands -> commands.openChannel(transport, "label", true));
        assertNotFound(loop, commands -> commands.addTrack(transport, track()));
        assertNotFound(loop, commands -> commands.addDownTrack(transport, new TrackId(7), downTrack()));
    }

    @Test
    void aMessageForManyIsOneCommand() throws Exception {
        MediaLoop loop = start();
        TransportId one = call(loop, commands -> openTransport(commands, "onee"));
        TransportId two = call(loop, commands -> openTransport(commands, "twoo"));
        int stream = call(loop, commands -> commands.openChannel(one, "chat", true));
        int other = call(loop, commands -> commands.openChannel(two, "chat", true));
        int[] transports = {one.value(), two.value(), 42};
        int[] streams = {stream, other, 1};
        int refused = call(loop, commands -> commands.sendAll(transports, streams, false, new byte[10]));
        assertEquals(1, refused);
        assertEquals(1L, call(loop, LoopCommands::counters).droppedMessages());

        call(loop, commands -> {
            commands.closeChannel(one, stream);
            return true;
        });
        String closed = "closed " + Integer.toHexString(one.value()) + " " + stream + " CLOSED";
        refused = call(loop, commands -> commands.sendAll(transports, streams, false, new byte[10]));
        assertEquals(2, refused);
        awaitLine(loop, closed);
    }

    /** Events are told after the tasks of a turn, of which there may be one more. */
    private void awaitLine(MediaLoop loop, String line) throws Exception {
        for (int turn = 0; turn < 1000 && !events.lines.contains(line); turn++) {
            call(loop, commands -> true);
        }
        assertTrue(events.lines.contains(line), () -> line + " is not among " + events.lines);
    }

    /** Media has its turn between two of them. */
    @Test
    void aHeavyTaskIsTheLastOfItsTurn() throws Exception {
        MediaLoop loop = start();
        TransportId transport = call(loop, commands -> openTransport(commands, "user"));
        int stream = call(loop, commands -> commands.openChannel(transport, "chat", true));
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        loop.post(first -> {
            loop.post(new LoopTask() {
                @Override
                public int weight() {
                    return 1000;
                }

                @Override
                public void execute(LoopCommands commands) {
                    commands.closeChannel(transport, stream);
                }
            });
            loop.post(commands -> seen.complete(events.lines.size()));
        });
        assertEquals(1, seen.get(10, TimeUnit.SECONDS));
    }

    @Test
    void tracksComeAndGoWithTheirTransport() throws Exception {
        MediaLoop loop = start();
        TransportId publisher = call(loop, commands -> openTransport(commands, "publ"));
        TransportId subscriber = call(
                loop,
                commands -> commands.openTransport(new TransportParams(TransportRole.SUBSCRIBER, "subs", PWD, 0)));
        TrackId track = call(loop, commands -> commands.addTrack(publisher, track()));
        call(loop, commands -> commands.addDownTrack(subscriber, track, downTrack()));
        assertEquals(1, call(loop, LoopCommands::counters).downTracks());
        LoopCounters after = call(loop, commands -> {
            commands.closeTransport(publisher);
            commands.closeTransport(subscriber);
            return commands.counters();
        });
        assertEquals(0, after.transports() + after.tracks() + after.downTracks());
    }

    @Test
    void explainsATransportAndItsTracks() throws Exception {
        MediaLoop loop = start();
        TransportId publisher = call(loop, commands -> openTransport(commands, "publ"));
        TransportId subscriber = call(
                loop,
                commands -> commands.openTransport(new TransportParams(TransportRole.SUBSCRIBER, "subs", PWD, 0)));
        TrackId track = call(loop, commands -> commands.addTrack(publisher, track()));
        DownTrackId copy = call(loop, commands -> commands.addDownTrack(subscriber, track, downTrack()));
        TransportExplanation received =
                call(loop, commands -> commands.explain(publisher)).orElseThrow();
        assertEquals(track, received.received().get(0).id());
        assertEquals(TransportState.CONNECTING, received.state());
        TransportExplanation sent =
                call(loop, commands -> commands.explain(subscriber)).orElseThrow();
        assertEquals(copy, sent.sent().get(0).id());
        assertEquals("1", sent.sent().get(0).mid());
        assertTrue(sent.path().isEmpty());
        assertTrue(
                call(loop, commands -> commands.explain(new TransportId(999))).isEmpty());
    }

    @Test
    void squelchedTracksAreCountedAsLongAsTheyAre() throws Exception {
        MediaLoop loop = start();
        TransportId publisher = call(loop, commands -> openTransport(commands, "publ"));
        TrackId track = call(loop, commands -> {
            TrackId added = commands.addTrack(publisher, track());
            commands.setSquelched(added, true);
            return added;
        });
        assertEquals(1, call(loop, LoopCommands::counters).squelchedTracks());
        LoopCounters after = call(loop, commands -> {
            commands.setSquelched(track, false);
            return commands.counters();
        });
        assertEquals(0, after.squelchedTracks());
        assertEquals(1, after.tracks());
        assertEquals(
                0,
                call(loop, commands -> {
                            commands.setSquelched(track, true);
                            commands.closeTransport(publisher);
                            return commands.counters();
                        })
                        .squelchedTracks());
    }

    @Test
    void tapsEndWithTheirTrack() throws Exception {
        MediaLoop loop = start();
        TransportId publisher = call(loop, commands -> openTransport(commands, "publ"));
        TrackId track = call(loop, commands -> commands.addTrack(publisher, track()));
        TapId removed = call(loop, commands -> commands.addTap(track));
        TapId kept = call(loop, commands -> {
            commands.removeTap(removed);
            return commands.addTap(track);
        });
        call(loop, commands -> {
            commands.removeTrack(track);
            commands.removeTap(removed); // Stale: nothing happens.
            return true;
        });
        String ended = "ended " + Integer.toHexString(kept.value());
        awaitLine(loop, ended);
        call(loop, commands -> true);
        assertEquals(List.of(ended), events.lines);
        assertNotFound(loop, commands -> commands.addTap(track));
    }

    @Test
    void portInUseIsAClearError() {
        MediaLoop first = open();
        MediaConfig same = new MediaConfig(first.port(), List.of(LOOPBACK), CERTIFICATE);
        MediaException refused = assertThrows(MediaException.class, () -> MediaLoop.open(same, events));
        assertEquals(ErrorCode.SYSTEM, refused.code());
        assertEquals(
                "cannot bind UDP 127.0.0.1 port " + first.port() + ": Address already in use", refused.getMessage());
    }

    @Test
    void brokenCertificateIsAClearError() {
        MediaCertificate broken = new MediaCertificate(new byte[] {1}, new byte[] {2});
        MediaConfig config = new MediaConfig(0, List.of(LOOPBACK), broken);
        MediaException refused = assertThrows(MediaException.class, () -> MediaLoop.open(config, events));
        assertEquals("the DTLS certificate or its key is not usable", refused.getMessage());
    }

    @Test
    void commandsAreForTheLoopThreadOnly() throws Exception {
        MediaLoop loop = start();
        LoopCommands leaked = call(loop, commands -> commands);
        assertThrows(IllegalStateException.class, leaked::counters);
    }

    @Test
    void commandsEndWithTheLoop() throws Exception {
        MediaLoop loop = open();
        CompletableFuture<LoopCommands> leaked = new CompletableFuture<>();
        loop.post(commands -> {
            leaked.complete(commands);
            loop.close();
        });
        loop.run();
        assertThrows(IllegalStateException.class, leaked.get()::counters);
    }

    @Test
    void runsOnce() throws Exception {
        MediaLoop loop = start();
        assertEquals("in", call(loop, commands -> "in"));
        assertThrows(IllegalStateException.class, loop::run);
    }

    @Test
    void closedLoopTakesAndDoesNothing() {
        MediaLoop loop = open();
        loop.close();
        loop.close();
        assertFalse(loop.post(commands -> {}));
        loop.run();
    }

    @Test
    void closeRacesWithRunAndPost() throws Exception {
        for (int round = 0; round < 100; round++) {
            MediaLoop loop = open();
            CountDownLatch go = new CountDownLatch(1);
            Thread runner = spawn(() -> {
                await(go);
                loop.run();
            });
            Thread poster = spawn(() -> {
                await(go);
                while (loop.post(LoopCommands::counters)) {
                    Thread.onSpinWait();
                }
            });
            go.countDown();
            loop.close();
            runner.join();
            poster.join();
        }
    }

    @Test
    void openCloseCyclesLeaveNothing() throws Exception {
        cycle(); // What the first use loads for good.
        long files = openFiles();
        int before = Thread.activeCount();
        for (int i = 0; i < 50; i++) {
            cycle();
        }
        assertEquals(files, openFiles());
        assertEquals(before, Thread.activeCount());
    }

    private void cycle() throws Exception {
        MediaLoop loop = open();
        Thread thread = run(loop);
        call(loop, commands -> openTransport(commands, "frag"));
        assertTrue(StunProbe.isAnswered(LOOPBACK, loop.port(), "frag:them", PWD));
        loop.close();
        thread.join();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private MediaLoop open() {
        MediaLoop loop = MediaLoop.open(new MediaConfig(0, List.of(LOOPBACK), CERTIFICATE), events);
        loops.add(loop);
        return loop;
    }

    private MediaLoop start() {
        MediaLoop loop = open();
        run(loop);
        return loop;
    }

    private Thread run(MediaLoop loop) {
        return spawn(loop::run);
    }

    private Thread spawn(Runnable body) {
        Thread thread = new Thread(body, "noir-loop-test");
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNotFound(MediaLoop loop, Function<LoopCommands, ?> command) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> call(loop, command));
        assertEquals(ErrorCode.NOT_FOUND, ((MediaException) failed.getCause()).code());
    }

    private static TransportId openTransport(LoopCommands commands, String ufrag) {
        TransportId id = commands.openTransport(new TransportParams(TransportRole.PUBLISHER, ufrag, PWD, 0));
        commands.setRemote(id, remote());
        return id;
    }

    private static RemoteParams remote() {
        return new RemoteParams("them", "their-password-0123456789", new byte[32], false);
    }

    private static TrackParams track() {
        return new TrackParams(
                MediaKind.AUDIO,
                "0",
                List.of(new CodecParams(111, Codec.OPUS, 48_000)),
                List.of(new EncodingParams("", 1234)),
                false,
                false,
                false,
                true,
                false,
                0);
    }

    private static DownTrackParams downTrack() {
        return new DownTrackParams(
                "1",
                5678,
                0,
                List.of(new PayloadMapping(111, 111, PayloadMapping.NO_RTX)),
                HeaderExtensions.NONE,
                "cname");
    }
}
