package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.media.CloseReason;
import dev.noir.media.DownTrackId;
import dev.noir.media.LayerSwitch;
import dev.noir.media.MediaCertificate;
import dev.noir.media.MediaConfig;
import dev.noir.media.TransportId;
import dev.noir.room.ChannelEnd;
import dev.noir.room.MediaChannel;
import dev.noir.room.MediaDownTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaRoom;
import dev.noir.room.MediaTransport;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import dev.noir.room.TransportState;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.IceCredentials;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop fails, as only a bug can make it: what was on it is told, the others go on. */
final class LoopHostTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final MediaCertificate CERTIFICATE = MediaCertificate.generate();

    private final Random random = new Random(1);
    private final List<LoopHost> hosts = Stream.of(0, 1)
            .map(i -> new LoopHost(
                    i, new MediaConfig(0, List.of(LOOPBACK), CERTIFICATE), List.of(LOOPBACK), Runnable::run))
            .toList();
    private final LoopHost home = hosts.get(0);
    private final LoopHost away = hosts.get(1);
    private final CompletableFuture<Void> roomLost = new CompletableFuture<>();
    private final List<List<Integer>> speakers = new ArrayList<>();
    private final NativeRoom room = new NativeRoom(
            new RoomId("r"),
            home,
            new SubscriberPlaces(home, hosts, 1),
            Fingerprint.ofSha256(CERTIFICATE.sha256()),
            Runnable::run,
            new MediaRoom.Events() {
                @Override
                public void onLost() {
                    roomLost.complete(null);
                }

                @Override
                public void onSpeakers(List<Integer> streams) {
                    speakers.add(streams);
                }
            },
            () -> {});

    LoopHostTest() {
        LoopHost.connect(hosts);
        hosts.forEach(host -> host.start(LoopHostTest::thread));
        home.add(room);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, expected) -> {});
        return thread;
    }

    @Test
    void tellsWhoWantsToKnowOfTransportsThatEndByThemselves() {
        List<String> ends = new ArrayList<>();
        away.watch((loop, whose, reason) -> ends.add(loop + " " + whose + " " + reason));
        away.onTransportState(new TransportId(7), dev.noir.media.TransportState.CONNECTED, CloseReason.NONE);
        away.onTransportState(new TransportId(7), dev.noir.media.TransportState.CLOSED, CloseReason.DTLS_FAILED);
        away.onTransportState(new TransportId(8), dev.noir.media.TransportState.CLOSED, CloseReason.NONE);

        assertEquals(List.of("1 Whose[room=, peer=] DTLS_FAILED"), ends);
    }

    @Test
    void namesWhoseTransportsEndAndWhoGetsAnotherLayerOfWhose() {
        Subscriber bob = new Subscriber();
        MediaTransport alice = room.openTransport(
                new PeerName("alice"),
                TransportRole.PUBLISHER,
                at -> IceCredentials.generate(at, random),
                new Silent());
        MediaDownTrack downTrack = bob.transport.addDownTrack(
                alice.addTrack(NativeMediaPlaneTest.VIDEO, 1, false), NativeMediaPlaneTest.ACCEPTED);
        LayerSwitch what = home.ask(commands -> {
                    TransportId to = Objects.requireNonNull(((NativeTransport) bob.transport).id());
                    DownTrackId track =
                            commands.explain(to).orElseThrow().sent().get(0).id();
                    return new LayerSwitch(to, track, Optional.empty(), Optional.empty(), LayerSwitch.Cause.LINE);
                })
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertEquals(
                new NamedSwitch(new Whose("r", "bob"), "alice", NativeMediaPlaneTest.VIDEO.streamId(), what),
                named(what));

        downTrack.remove();
        assertEquals(new NamedSwitch(new Whose("r", "bob"), "", "", what), named(what));

        List<Whose> ends = new ArrayList<>();
        home.watch((loop, whose, reason) -> ends.add(whose));
        home.ask(commands -> {
                    home.onTransportState(
                            what.subscriber(), dev.noir.media.TransportState.CLOSED, CloseReason.CONSENT_EXPIRED);
                    return ends;
                })
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertEquals(List.of(new Whose("r", "bob")), ends);
        assertEquals(new NamedSwitch(Whose.UNKNOWN, "", "", what), named(what));
    }

    private NamedSwitch named(LayerSwitch what) {
        return home.ask(commands -> home.named(what))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void tellsTheRoomWhoSpeaks() {
        home.onSpeakers(room.group(), new int[] {3, 1});
        home.onSpeakers(room.group() + 1, new int[] {2}); // Gone, say.
        home.onSpeakers(room.group(), new int[0]);
        home.remove(room);
        home.onSpeakers(room.group(), new int[] {4});

        assertEquals(List.of(List.of(3, 1), List.of()), speakers);
    }

    @AfterEach
    void close() {
        hosts.forEach(LoopHost::close);
    }

    @Test
    void aRoomOutlivesAnotherLoopWithSubscribersOfIt() {
        Subscriber near = new Subscriber();
        Subscriber far = new Subscriber();
        assertNotEquals(near.transport.candidates(), far.transport.candidates());

        fail(away);
        assertEquals(MediaEnd.BUG, far.ended.orTimeout(20, TimeUnit.SECONDS).join());
        far.transport.close();
        assertTrue(home.isAlive());
        assertEquals(near.transport.candidates(), new Subscriber().transport.candidates());
        assertTrue(!roomLost.isDone() && !near.ended.isDone());
    }

    @Test
    void aRoomIsLostWithItsOwnLoop() {
        Subscriber near = new Subscriber();
        Subscriber far = new Subscriber();
        fail(home);
        roomLost.orTimeout(20, TimeUnit.SECONDS).join();
        near.transport.close();
        far.transport.close();
        assertEquals(0, away.counters().orTimeout(20, TimeUnit.SECONDS).join().transports());
        assertEquals(0, away.load());
    }

    private static void fail(LoopHost host) {
        host.post(commands -> {
            throw new AssertionError("expected by the test");
        });
    }

    private static class Silent implements MediaTransport.Events {
        @Override
        public void onState(TransportState state, MediaEnd end) {}

        @Override
        public void onChannelOpen(MediaChannel channel) {}

        @Override
        public void onChannelClosed(MediaChannel channel, ChannelEnd end) {}

        @Override
        public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {}
    }

    private final class Subscriber extends Silent {
        private final CompletableFuture<MediaEnd> ended = new CompletableFuture<>();
        private final MediaTransport transport = room.openTransport(
                new PeerName("bob"), TransportRole.SUBSCRIBER, at -> IceCredentials.generate(at, random), this);

        @Override
        public void onState(TransportState state, MediaEnd end) {
            if (state == TransportState.CLOSED) {
                ended.complete(end);
            }
        }
    }
}
