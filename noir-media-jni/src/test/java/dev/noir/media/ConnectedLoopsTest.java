package dev.noir.media;

import static dev.noir.media.LoopCall.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loops of one plane: a track of the first has down tracks on the second. */
@Timeout(60)
class ConnectedLoopsTest {
    private static final MediaCertificate CERTIFICATE = MediaCertificate.generate();
    private static final String PWD = "a-password-of-ours-0123456789";
    private static final TrackParams TRACK = new TrackParams(
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

    private final List<MediaLoop> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private MediaLoop home;
    private MediaLoop away;

    @BeforeEach
    void connect() {
        for (int i = 0; i < 3; i++) {
            MediaConfig config = new MediaConfig(0, List.of(InetAddress.getLoopbackAddress()), CERTIFICATE);
            loops.add(MediaLoop.open(config, new RecordingEvents()));
        }
        MediaLoop.connect(loops);
        home = loops.get(0);
        away = loops.get(1);
        loops.forEach(this::run);
    }

    @AfterEach
    void end() throws InterruptedException {
        loops.forEach(MediaLoop::close);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void run(MediaLoop loop) {
        Thread thread = new Thread(loop::run, "noir-loop-test");
        threads.add(thread);
        thread.start();
    }

    @Test
    void mirrorsATrackForAsLongAsItHasDownTracks() throws Exception {
        RemoteTrack track = addTrack("publ");
        TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs");
        DownTrackId first = call(away, commands -> commands.addDownTrack(subscriber, track, downTrack(1)));
        DownTrackId second = call(away, commands -> commands.addDownTrack(subscriber, track, downTrack(2)));
        LoopCounters counters = call(away, LoopCommands::counters);
        assertEquals(List.of(0, 1, 2), List.of(counters.tracks(), counters.mirrors(), counters.downTracks()));

        remove(away, first);
        assertEquals(1, call(away, LoopCommands::counters).mirrors());
        remove(away, second);
        assertEquals(0, call(away, LoopCommands::counters).mirrors());
        assertEquals(1, call(home, LoopCommands::counters).tracks());
    }

    @Test
    void downTracksEndWithTheTrack() throws Exception {
        RemoteTrack track = addTrack("publ");
        TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs");
        DownTrackId downTrack = call(away, commands -> commands.addDownTrack(subscriber, track, downTrack(1)));
        call(home, commands -> {
            commands.removeTrack(track.track());
            return true;
        });
        awaitCounters(away, counters -> counters.downTracks() == 0 && counters.mirrors() == 0);
        remove(away, downTrack); // Stale: nothing happens.
    }

    @Test
    void downTracksOfAStaleTrackEndByThemselves() throws Exception {
        RemoteTrack track = addTrack("publ");
        call(home, commands -> {
            commands.removeTrack(track.track());
            return true;
        });
        TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs");
        call(away, commands -> commands.addDownTrack(subscriber, track, downTrack(1)));
        awaitCounters(away, counters -> counters.downTracks() == 0 && counters.mirrors() == 0);
    }

    @Test
    void loopsThatAreNotThereAreRefused() throws Exception {
        RemoteTrack track = addTrack("publ");
        TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs");
        for (int loop : new int[] {-1, 1, 3, 70_000}) { // 1 is the subscriber's own.
            RemoteTrack nowhere = new RemoteTrack(loop, track.track(), TRACK);
            ExecutionException failed = assertThrows(
                    ExecutionException.class,
                    () -> call(away, commands -> commands.addDownTrack(subscriber, nowhere, downTrack(1))));
            assertEquals(ErrorCode.INVALID_ARGUMENT, ((MediaException) failed.getCause()).code());
        }
        assertEquals(0, call(away, LoopCommands::counters).downTracks());
    }

    @Test
    void aStaleSubscriberIsNotFound() throws Exception {
        RemoteTrack track = addTrack("publ");
        ExecutionException failed = assertThrows(
                ExecutionException.class,
                () -> call(away, commands -> commands.addDownTrack(new TransportId(42), track, downTrack(1))));
        assertEquals(ErrorCode.NOT_FOUND, ((MediaException) failed.getCause()).code());
    }

    @Test
    void theOthersGoOnWithoutALoop() throws Exception {
        for (MediaLoop gone : List.of(home, loops.get(2))) {
            RemoteTrack track = addTrackOn(loops.indexOf(gone), "publ" + loops.indexOf(gone));
            TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs" + loops.indexOf(gone));
            call(away, commands -> commands.addDownTrack(subscriber, track, downTrack(1)));
            gone.close();
            // Hand-overs to a loop that has ended.
            call(away, commands -> {
                commands.closeTransport(subscriber);
                return true;
            });
            assertEquals(0, call(away, LoopCommands::counters).mirrors());
        }
    }

    @Test
    void connectsOnlyLoopsThatDoNotRunYet() throws Exception {
        assertEquals("runs", call(home, commands -> "runs"));
        assertThrows(IllegalStateException.class, () -> MediaLoop.connect(loops));
    }

    @Test
    void endInAnyOrderUnderWork() throws Exception {
        RemoteTrack track = addTrack("publ");
        TransportId subscriber = open(away, TransportRole.SUBSCRIBER, "subs");
        CountDownLatch started = new CountDownLatch(1);
        IntStream.range(1, 2_000)
                .forEach(i -> away.post(commands -> {
                    commands.removeDownTrack(commands.addDownTrack(subscriber, track, downTrack(i)));
                    started.countDown();
                }));
        assertTrue(started.await(10, TimeUnit.SECONDS));
        home.close();
        away.close();
        assertEquals(0, call(loops.get(2), LoopCommands::counters).bugs());
    }

    private RemoteTrack addTrack(String ufrag) throws Exception {
        return addTrackOn(0, ufrag);
    }

    private RemoteTrack addTrackOn(int loop, String ufrag) throws Exception {
        TransportId publisher = open(loops.get(loop), TransportRole.PUBLISHER, ufrag);
        return new RemoteTrack(loop, call(loops.get(loop), commands -> commands.addTrack(publisher, TRACK)), TRACK);
    }

    private static TransportId open(MediaLoop loop, TransportRole role, String ufrag) throws Exception {
        return call(loop, commands -> commands.openTransport(new TransportParams(role, ufrag, PWD, 0)));
    }

    private static void remove(MediaLoop loop, DownTrackId downTrack) throws Exception {
        call(loop, commands -> {
            commands.removeDownTrack(downTrack);
            return true;
        });
    }

    private static DownTrackParams downTrack(int ssrc) {
        return new DownTrackParams(
                "1",
                ssrc,
                0,
                List.of(new PayloadMapping(111, 111, PayloadMapping.NO_RTX)),
                HeaderExtensions.NONE,
                "cname");
    }

    /** What one loop tells another one takes its way; the test's time limit ends a wait for nothing. */
    private static void awaitCounters(MediaLoop loop, Predicate<LoopCounters> wanted) throws Exception {
        while (!wanted.test(call(loop, LoopCommands::counters))) {
            Thread.onSpinWait();
        }
    }
}
