package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.media.AudioSettings;
import dev.noir.media.LoopCounters;
import dev.noir.room.ChannelEnd;
import dev.noir.room.EncodedFrame;
import dev.noir.room.LayerWish;
import dev.noir.room.MediaChannel;
import dev.noir.room.MediaDownTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaRoom;
import dev.noir.room.MediaTap;
import dev.noir.room.MediaTrack;
import dev.noir.room.MediaTransport;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import dev.noir.room.TransportState;
import dev.noir.sdp.Codec;
import dev.noir.sdp.CodecParameters;
import dev.noir.sdp.Encoding;
import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PayloadMapping;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real loops: what the room asks for arrives there, and nothing stays. */
final class NativeMediaPlaneTest {
    static final PublishedTrack VIDEO = new PublishedTrack(
            "1",
            MediaKind.VIDEO,
            "stream",
            "track",
            List.of(new CodecParameters(96, Codec.VP8, "")),
            Map.of(),
            List.of(new Encoding("", 1234)),
            ExtensionIds.NONE,
            true,
            true,
            true,
            false,
            true,
            false);
    static final SubscriberAnswer.Section ACCEPTED = new SubscriberAnswer.Section(
            "1",
            SubscriberAnswer.State.ACCEPTED,
            99,
            100,
            "stream",
            List.of(new PayloadMapping(96, 100, 101)),
            ExtensionIds.NONE);

    private static final MediaRoom.Events UNHEARD = new MediaRoom.Events() {
        @Override
        public void onLost() {}

        @Override
        public void onSpeakers(List<Integer> streams) {}
    };

    private final Random random = new Random(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final NativeMediaPlane plane = NativeMediaPlane.open(
            new MediaPlaneConfig(
                    0,
                    2,
                    List.of(InetAddress.getLoopbackAddress()),
                    List.of(),
                    5,
                    true,
                    OptionalInt.empty(),
                    AudioSettings.DEFAULT,
                    Optional.empty()),
            this::thread,
            Runnable::run,
            changes::incrementAndGet);

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void spreadsRoomsOverLoops() {
        MediaRoom first = open("first");
        MediaTransport inFirst = transport(first, TransportRole.PUBLISHER);
        MediaRoom second = open("second");
        MediaTransport inSecond = transport(second, TransportRole.PUBLISHER);

        assertNotEquals(inFirst.candidates(), inSecond.candidates());
        assertEquals("127.0.0.1", inFirst.candidates().get(0).address());
        second.close();
        assertEquals(
                inSecond.candidates(),
                transport(open("third"), TransportRole.SUBSCRIBER).candidates());
    }

    @Test
    void saysWhereATransportLives() {
        MediaTransport first = transport(open("first"), TransportRole.PUBLISHER);
        MediaTransport second = transport(open("second"), TransportRole.SUBSCRIBER);

        assertEquals(5, first.place().node());
        assertEquals(1, second.place().loop());
        assertNotEquals(first.place().room(), second.place().room());
        assertEquals("AAAFAQ", second.ice().ufrag().substring(0, 6), "node 5, loop 1");
    }

    @Test
    void makesAndRemovesEverythingOnTheLoop() {
        MediaRoom room = open("room");
        MediaTransport publisher = transport(room, TransportRole.PUBLISHER);
        MediaTransport subscriber = transport(room, TransportRole.SUBSCRIBER);
        assertEquals(2, changes.get());
        RemoteParameters remote = new RemoteParameters(
                IceCredentials.generate(publisher.place(), random), List.of(Fingerprint.ofSha256(new byte[32])), false);
        publisher.setRemote(remote);
        publisher.setExtensions(List.of(ExtensionIds.NONE));
        MediaTrack track = publisher.addTrack(VIDEO, 1, false);
        MediaDownTrack downTrack = subscriber.addDownTrack(track, ACCEPTED);
        downTrack.set(new LayerWish(true, 0, 0, 0, 0, 0));
        MediaChannel channel = subscriber.openChannel("ion-sfu");
        channel.send(false, new byte[] {'x'});
        publisher.restartIce(IceCredentials.generate(publisher.place(), random));
        assertEquals(List.of(2, 1, 1), objects());

        downTrack.remove();
        track.remove();
        assertEquals(List.of(2, 0, 0), objects());
        publisher.close();
        subscriber.close();
        publisher.close();
        assertEquals(List.of(0, 0, 0), objects());
        assertEquals(4, changes.get());
    }

    @Test
    void tapsEndWithTheirTrackAndAtOnceWithoutOne() throws Exception {
        MediaTransport publisher = transport(open("room"), TransportRole.PUBLISHER);
        MediaTrack track = publisher.addTrack(VIDEO, 1, false);
        EndedTap ended = new EndedTap();
        EndedTap closed = new EndedTap();
        track.tap(ended);
        track.tap(closed).close();
        track.remove();
        assertEquals(true, ended.end.get(10, TimeUnit.SECONDS));
        EndedTap late = new EndedTap();
        track.tap(late);
        assertEquals(true, late.end.get(10, TimeUnit.SECONDS));
        assertEquals(false, closed.end.isDone());
    }

    private static final class EndedTap implements MediaTap.Events {
        final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public void onFrame(EncodedFrame frame) {}

        @Override
        public void onGap(int lostPackets) {}

        @Override
        public void onEnded() {
            end.complete(true);
        }
    }

    @Test
    void squelchesTracksInTheOrderOfCalls() {
        MediaTransport publisher = transport(open("room"), TransportRole.PUBLISHER);
        MediaTrack refused = publisher.addTrack(VIDEO, 1, true);
        MediaTrack allowed = publisher.addTrack(VIDEO, 1, false);
        assertEquals(1, squelched());
        allowed.setSquelched(true);
        allowed.setSquelched(true);
        assertEquals(2, squelched());
        refused.setSquelched(false);
        allowed.setSquelched(false);
        refused.setSquelched(true);
        assertEquals(1, squelched());

        refused.remove();
        refused.setSquelched(false);
        assertEquals(0, squelched());
        allowed.setSquelched(true);
        publisher.close();
        allowed.setSquelched(false);
        assertEquals(0, squelched());
        assertTrue(plane.isHealthy());
    }

    @Test
    void spreadsALargeRoomEvenly() {
        try (NativeMediaPlane spreading = spreading()) {
            MediaRoom room = spreading.openRoom(new RoomId("large"), Runnable::run, UNHEARD);
            MediaTransport publisher = transport(room, TransportRole.PUBLISHER);
            MediaTrack track = publisher.addTrack(VIDEO, 1, false);
            List<Boolean> atHome = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                transport(room, TransportRole.PUBLISHER); // A listener has one too, without tracks.
                MediaTransport subscriber = transport(room, TransportRole.SUBSCRIBER);
                subscriber.addDownTrack(track, ACCEPTED);
                atHome.add(subscriber.candidates().equals(publisher.candidates()));
            }
            assertEquals(List.of(true, true, true), atHome.subList(0, 3));
            assertEquals(List.of(false, false, false), atHome.subList(3, 6));
            assertEquals(20, atHome.stream().filter(home -> home).count());
        }
    }

    @Test
    void aPlaceGivenBackIsTakenAgain() {
        try (NativeMediaPlane spreading = spreading()) {
            MediaRoom room = spreading.openRoom(new RoomId("large"), Runnable::run, UNHEARD);
            MediaTransport first = transport(room, TransportRole.SUBSCRIBER);
            for (int i = 0; i < 5; i++) {
                transport(room, TransportRole.SUBSCRIBER);
            }
            first.close();
            first.close();
            MediaTransport next = transport(room, TransportRole.SUBSCRIBER);
            assertEquals(first.candidates(), next.candidates());
            // Both loops have their three again, and the room itself counts at home.
            assertNotEquals(
                    first.candidates(),
                    transport(room, TransportRole.SUBSCRIBER).candidates());
        }
    }

    @Test
    void tracksHaveSubscribersOnEveryLoop() {
        try (NativeMediaPlane spreading = spreading()) {
            MediaRoom room = spreading.openRoom(new RoomId("large"), Runnable::run, UNHEARD);
            MediaTrack track = transport(room, TransportRole.PUBLISHER).addTrack(VIDEO, 1, false);
            List<MediaTransport> subscribers = new ArrayList<>();
            List<MediaDownTrack> downTracks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                subscribers.add(transport(room, TransportRole.SUBSCRIBER));
                downTracks.add(subscribers.get(i).addDownTrack(track, ACCEPTED));
                downTracks.get(i).set(new LayerWish(true, 0, 0, 0, 0, 0));
            }
            assertEquals(List.of(7, 1, 6), settledObjects(spreading));
            assertEquals(1, mirrors(spreading));

            subscribers.get(5).close();
            downTracks.get(4).remove();
            assertEquals(1, mirrors(spreading));
            downTracks.get(3).remove();
            assertEquals(List.of(6, 1, 3), settledObjects(spreading));
            assertEquals(0, mirrors(spreading));
        }
    }

    @Test
    void whatIsRemovedAtOnceDoesNotComeLater() {
        try (NativeMediaPlane spreading = spreading()) {
            MediaRoom room = spreading.openRoom(new RoomId("large"), Runnable::run, UNHEARD);
            MediaTrack track = transport(room, TransportRole.PUBLISHER).addTrack(VIDEO, 1, false);
            for (int i = 0; i < 6; i++) {
                MediaDownTrack downTrack =
                        transport(room, TransportRole.SUBSCRIBER).addDownTrack(track, ACCEPTED);
                downTrack.remove();
            }
            assertEquals(List.of(7, 1, 0), settledObjects(spreading));
        }
    }

    @Test
    void callsOnClosedObjectsDoNothing() {
        MediaRoom room = open("room");
        MediaTransport publisher = transport(room, TransportRole.PUBLISHER);
        MediaTrack track = publisher.addTrack(VIDEO, 1, false);
        publisher.close();
        track.remove();
        publisher.addTrack(VIDEO, 1, false);
        publisher.openChannel("x").send(false, new byte[1]);
        transport(room, TransportRole.SUBSCRIBER).addDownTrack(track, ACCEPTED).remove();

        assertEquals(List.of(1, 0, 0), objects());
        assertTrue(plane.isHealthy());
    }

    @Test
    void announcesOtherAddressesWhenTold() throws Exception {
        MediaPlaneConfig config = new MediaPlaneConfig(
                0,
                1,
                List.of(InetAddress.getLoopbackAddress()),
                List.of(InetAddress.getByName("203.0.113.7"), InetAddress.getByName("2001:db8::7")),
                5,
                true,
                OptionalInt.of(7000),
                AudioSettings.DEFAULT,
                Optional.empty());
        try (NativeMediaPlane announcing = NativeMediaPlane.open(config, this::thread, Runnable::run, () -> {})) {
            List<IceCandidate> candidates = transport(
                            announcing.openRoom(new RoomId("r"), Runnable::run, UNHEARD), TransportRole.PUBLISHER)
                    .candidates();

            assertEquals("203.0.113.7", candidates.get(0).address());
            assertEquals(
                    InetAddress.getByName("2001:db8::7"),
                    InetAddress.getByName(candidates.get(1).address()));
            assertEquals(
                    List.of(false, false, true, true, true, true),
                    candidates.stream().map(IceCandidate::tcp).toList());
            assertEquals(
                    List.of(7000, 7000),
                    candidates.stream().skip(4).map(IceCandidate::port).toList());
            assertEquals(
                    6,
                    candidates.stream().map(IceCandidate::foundation).distinct().count());
            assertTrue(announcing.pagesPort().isPresent());
        }
    }

    @Test
    void endsItsThreadsAndTakesNoMoreRooms() throws InterruptedException {
        plane.close();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertFalse(thread.isAlive());
        }

        assertFalse(plane.isHealthy());
        assertThrows(RoomException.class, () -> open("late"));
    }

    private MediaRoom open(String name) {
        return plane.openRoom(new RoomId(name), Runnable::run, UNHEARD);
    }

    private MediaTransport transport(MediaRoom room, TransportRole role) {
        return room.openTransport(
                new PeerName("p"), role, at -> IceCredentials.generate(at, random), new SilentEvents());
    }

    /** Transports, tracks and down tracks of all loops. Asked in the order of tasks: whatever was posted before counts. */
    private List<Integer> objects() {
        return objects(plane);
    }

    private int squelched() {
        return sum(counters(plane), LoopCounters::squelchedTracks);
    }

    private static List<Integer> objects(NativeMediaPlane plane) {
        List<LoopCounters> counters = counters(plane);
        return List.of(
                sum(counters, LoopCounters::transports),
                sum(counters, LoopCounters::tracks),
                sum(counters, LoopCounters::downTracks));
    }

    private static List<LoopCounters> counters(NativeMediaPlane plane) {
        return plane.counters().stream()
                .map(loop -> loop.orTimeout(20, TimeUnit.SECONDS))
                .map(CompletableFuture::join)
                .toList();
    }

    private NativeMediaPlane spreading() {
        MediaPlaneConfig config = new MediaPlaneConfig(
                0,
                2,
                List.of(InetAddress.getLoopbackAddress()),
                List.of(),
                5,
                true,
                OptionalInt.empty(),
                AudioSettings.DEFAULT,
                Optional.empty());
        return NativeMediaPlane.open(config, this::thread, Runnable::run, () -> {}, 3);
    }

    /** When a way over one loop to another one has been gone, too. */
    private static List<Integer> settledObjects(NativeMediaPlane plane) {
        objects(plane);
        return objects(plane);
    }

    private static int mirrors(NativeMediaPlane plane) {
        return sum(counters(plane), LoopCounters::mirrors);
    }

    private static int sum(List<LoopCounters> counters, ToIntFunction<LoopCounters> value) {
        return counters.stream().mapToInt(value).sum();
    }

    /** No client ever comes in these tests. */
    private static final class SilentEvents implements MediaTransport.Events {
        @Override
        public void onState(TransportState state, MediaEnd end) {}

        @Override
        public void onChannelOpen(MediaChannel channel) {}

        @Override
        public void onChannelClosed(MediaChannel channel, ChannelEnd end) {}

        @Override
        public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {}
    }
}
