package dev.noir.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.noir.admin.AdminToken;
import dev.noir.admin.Administrators;
import dev.noir.bus.ClusterKey;
import dev.noir.proto.noir.AdminRequest;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import dev.noir.proto.noir.RoomCountRequest;
import dev.noir.proto.noir.SignalRequest;
import dev.noir.proto.noir.Signed;
import dev.noir.route.ManagedCluster;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.SignalServer;
import dev.noir.signal.TestRooms;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that lie in Redis, read by a node. */
final class NoirMailTest {
    private static final String SECRET = "a secret of the tests alone";
    private static final Instant NOW = Instant.parse("2026-11-29T03:00:00Z");

    private final ManagedCluster cluster = new ManagedCluster();
    private final SignalServer signal = TestRooms.served(TestRooms.open(cluster.scheduler()), cluster.scheduler());
    private final NoirAdmin admin = new NoirAdmin(
            cluster::door,
            new Administrators(new AdminToken(""), caller -> false, (origin, host) -> true),
            signal,
            new ManagementSockets(cluster.scheduler(), Runnable::run),
            () -> NOW);
    private final Set<String> seen = new HashSet<>();

    /** As boot makes it. */
    private record KeySeal(ClusterKey key) implements NoirMail.Seal {
        @Override
        public boolean signs() {
            return key.signs();
        }

        @Override
        public String sign(String kind, byte[] message) {
            return key.sign(kind, message);
        }

        @Override
        public boolean isGenuine(String claimed, String kind, byte[] message) {
            return key.isGenuine(claimed, kind, message);
        }
    }

    private Optional<NoirMail.Letter> answer(String secret, byte[] message) {
        return new NoirMail(admin, new KeySeal(new ClusterKey(secret)))
                .answer(message, seen::add)
                .toCompletableFuture()
                .join();
    }

    private static NoirRequest.Builder count() {
        return NoirRequest.newBuilder()
                .setId("7")
                .setAdminID("backend")
                .setAt(NOW.toString())
                .setAdmin(AdminRequest.newBuilder().setRoomCount(RoomCountRequest.getDefaultInstance()));
    }

    private static byte[] signed(String secret, String kind, NoirRequest request) {
        return Signed.newBuilder()
                .setMessage(request.toByteString())
                .setMac(new ClusterKey(secret).sign(kind, request.toByteArray()))
                .build()
                .toByteArray();
    }

    @Test
    void withoutASecretWhoCanWriteIsAnswered() throws Exception {
        NoirMail.Letter letter =
                answer("", count().clearAt().build().toByteArray()).orElseThrow();
        assertEquals("backend", letter.name());
        NoirReply reply = NoirReply.parseFrom(letter.message());
        assertEquals("7", reply.getId());
        assertEquals(0, reply.getAdmin().getRoomCount().getResult());
        assertTrue(reply.getAdmin().hasRoomCount());
    }

    @Test
    void withASecretTheReplyIsSignedToo() throws Exception {
        byte[] request = signed(SECRET, "noir.request", count().build());
        Signed letter = Signed.parseFrom(answer(SECRET, request).orElseThrow().message());
        assertTrue(new ClusterKey(SECRET)
                .isGenuine(letter.getMac(), "noir.reply", letter.getMessage().toByteArray()));
        assertTrue(NoirReply.parseFrom(letter.getMessage()).getAdmin().hasRoomCount());

        Signed again = Signed.parseFrom(answer(SECRET, request).orElseThrow().message());
        assertEquals(
                "this request has been sent before",
                NoirReply.parseFrom(again.getMessage()).getError());
    }

    @Test
    void whatIsNotSignedByWhoKnowsItIsDropped() {
        assertEquals(Optional.empty(), answer(SECRET, count().build().toByteArray()));
        assertEquals(
                Optional.empty(), answer(SECRET, signed("another secret than that", "noir.request", count().build())));
        assertEquals(Optional.empty(), answer(SECRET, signed(SECRET, "noir.reply", count().build())));
        assertEquals(
                Optional.empty(),
                answer(
                        SECRET,
                        Signed.newBuilder()
                                .setMessage(ByteString.copyFromUtf8("x"))
                                .setMac("not hexadecimal")
                                .build()
                                .toByteArray()));
        assertEquals(Optional.empty(), answer(SECRET, new byte[] {(byte) 0xff, 1, 2}));
        assertEquals(Optional.empty(), answer("", new byte[] {(byte) 0xff, 1, 2}));
        assertEquals(Set.of(), seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2026-11-29T02:58:59Z", "2026-11-29T03:01:01Z", "+1000000000-12-31T23:59:59Z"})
    void oldRequestsAreNotDone(String at) throws Exception {
        Signed letter = Signed.parseFrom(
                answer(SECRET, signed(SECRET, "noir.request", count().setAt(at).build()))
                        .orElseThrow()
                        .message());
        assertEquals(
                "at must be the time, by RFC 3339, and at most 60 s old",
                NoirReply.parseFrom(letter.getMessage()).getError());
        assertEquals(Set.of(), seen);
    }

    @Test
    void clientsDoNotSignalHere() throws Exception {
        NoirRequest join = count().setSignal(
                        SignalRequest.newBuilder().setId("a").setKill(true))
                .build();
        assertEquals(
                "clients do not signal through Redis: connect to gRPC or /admin/ws",
                NoirReply.parseFrom(answer("", join.toByteArray()).orElseThrow().message())
                        .getError());
    }

    @Test
    void whoSaysNoNameHearsNothing() {
        assertEquals(Optional.empty(), answer("", count().clearAdminID().build().toByteArray()));
        assertEquals(
                Optional.empty(),
                answer("", count().setAdminID("x".repeat(257)).build().toByteArray()));
    }

    @Test
    void whoCannotBeAskedWhetherItIsNewLetsNothingBeDone() {
        NoirMail mail = new NoirMail(admin, new KeySeal(new ClusterKey(SECRET)));
        assertEquals(
                Optional.empty(),
                mail.answer(signed(SECRET, "noir.request", count().build()), mac -> {
                            throw new IllegalStateException("Redis is away");
                        })
                        .toCompletableFuture()
                        .join());
    }
}
