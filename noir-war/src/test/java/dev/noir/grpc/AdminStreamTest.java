package dev.noir.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.noir.access.Caller;
import dev.noir.access.LateProof;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.admin.AdminToken;
import dev.noir.admin.Administrators;
import dev.noir.proto.noir.AdminClient;
import dev.noir.proto.noir.AdminRequest;
import dev.noir.proto.noir.CreateRoomRequest;
import dev.noir.proto.noir.JoinRequest;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import dev.noir.proto.noir.RoomAdminRequest;
import dev.noir.proto.noir.RoomCountRequest;
import dev.noir.proto.noir.RoomJobReply;
import dev.noir.proto.noir.RoomJobRequest;
import dev.noir.proto.noir.RoomListRequest;
import dev.noir.proto.noir.RoomOptions;
import dev.noir.proto.noir.SignalReply;
import dev.noir.proto.noir.SignalRequest;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomService;
import dev.noir.room.TestSdp;
import dev.noir.route.ManagedCluster;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.SignalServer;
import dev.noir.signal.TestRooms;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What administrators say and hear in the original's words; everything is real but the wire, media and time. */
final class AdminStreamTest {
    private static final String TOKEN = "Bearer of the tests alone";
    private static final LateProof NOBODY = authorization -> new LateProof.Outcome(Visitor.STRANGER, "");

    private final ManagedCluster cluster = new ManagedCluster();
    private final FakeScheduler scheduler = cluster.scheduler();
    private final RoomService rooms = TestRooms.open(scheduler);
    private final SignalServer signal = TestRooms.served(rooms, scheduler);
    private boolean bossMay = true;
    private final NoirAdmin admin = new NoirAdmin(
            cluster::door,
            new Administrators(
                    new AdminToken("of the tests alone"),
                    caller -> bossMay && caller.principal().equals("boss"),
                    (origin, host) -> true),
            signal,
            new ManagementSockets(scheduler, Runnable::run),
            () -> Instant.EPOCH);
    private final RecordingPort port = new RecordingPort();

    private AdminStream open(AdminMethod method, RecordingPort at) {
        AdminStream stream =
                admin.open(at, method, "grpc", UnaryOperator.identity()).orElseThrow();
        assertTrue(stream.enter(Visitor.STRANGER, NOBODY, TOKEN));
        return stream;
    }

    private static void say(AdminStream stream, MessageLite message) {
        stream.received(message.toByteArray());
    }

    private static NoirRequest request(String id, AdminRequest.Builder what) {
        return NoirRequest.newBuilder().setId(id).setAdmin(what).build();
    }

    private static NoirRequest create(String room, RoomOptions.Builder options) {
        return request(
                "c",
                AdminRequest.newBuilder()
                        .setRoomAdmin(RoomAdminRequest.newBuilder()
                                .setRoomID(room)
                                .setCreateRoom(CreateRoomRequest.newBuilder().setOptions(options))));
    }

    private static NoirReply reply(RecordingPort at, int index) throws InvalidProtocolBufferException {
        return NoirReply.parseFrom(at.sent.get(index));
    }

    private NoirReply last() throws InvalidProtocolBufferException {
        return reply(port, port.sent.size() - 1);
    }

    @Test
    void theOriginalsCommandsAreDone() throws Exception {
        AdminStream stream = open(AdminMethod.ADMIN, port);

        say(
                stream,
                create(
                        "r",
                        RoomOptions.newBuilder()
                                .setTitle("Board")
                                .setMaxAgeSeconds(60)
                                .setKeyExpiryFactor(2)
                                .setMaxPeers(7)
                                .setJoinPassword("horse")
                                .setIsChannel(true)));
        assertEquals("c", last().getId());
        assertEquals("1970-01-01T00:00:00Z", last().getAt());
        assertEquals(
                RoomOptions.newBuilder()
                        .setTitle("Board")
                        .setMaxAgeSeconds(60)
                        .setKeyExpiryFactor(2)
                        .setMaxPeers(7)
                        .setIsChannel(true)
                        .build(),
                last().getAdmin().getRoomAdmin().getCreateRoom().getOptions());

        say(stream, create("r", RoomOptions.newBuilder()));
        assertEquals(
                "the room has been created already",
                last().getAdmin().getRoomAdmin().getError());

        cluster.join(cluster.two, "open", "alice");
        say(stream, request("2", AdminRequest.newBuilder().setRoomCount(RoomCountRequest.getDefaultInstance())));
        assertEquals(1, last().getAdmin().getRoomCount().getResult());
        say(stream, request("3", AdminRequest.newBuilder().setRoomList(RoomListRequest.getDefaultInstance())));
        assertEquals(1, last().getAdmin().getRoomList().getCount());
        assertEquals("open", last().getAdmin().getRoomList().getResult(0).getId());
        assertEquals(1, last().getAdmin().getRoomList().getResult(0).getScore());
        assertNull(port.closed);
    }

    @Test
    void anyCommandCanBeGivenAsJsonRpc() throws Exception {
        AdminStream stream = open(AdminMethod.ADMIN, port);

        say(
                stream,
                request(
                        "1",
                        AdminRequest.newBuilder()
                                .setRpc("{\"id\":5,\"method\":\"nodes.get\",\"params\":{\"node\":\"two\"}}")));
        assertTrue(last().getAdmin().getRpc().contains("\"id\":5"), last()::toString);
        assertTrue(last().getAdmin().getRpc().contains("\"node\":\"two\""), last()::toString);
    }

    @Test
    void jobsAreStarted() throws Exception {
        AdminStream stream = open(AdminMethod.ADMIN, port);
        RoomJobRequest.Builder job = RoomJobRequest.newBuilder().setHandler("hum");

        say(stream, job(job));
        assertEquals(
                "this server knows no jobs of that kind",
                last().getAdmin().getRoomAdmin().getError());
        say(stream, job(job.setOptions(ByteString.copyFromUtf8("nope"))));
        assertEquals(
                "a job's options must be a JSON object",
                last().getAdmin().getRoomAdmin().getError());
        say(stream, job(job.clearOptions().setPid("p")));
        assertEquals(
                "jobs name themselves here: pid must be empty",
                last().getAdmin().getRoomAdmin().getError());
        ByteString options = ByteString.copyFromUtf8("{\"filename\":\"film.webm\",\"repeat\":-1}");
        say(stream, job(job.clearPid().setHandler("PlayFile").setOptions(options)));
        RoomJobReply begun = last().getAdmin().getRoomAdmin().getRoomJob();
        assertEquals("PlayFile", begun.getHandler());
        assertTrue(begun.getStatus());
        assertTrue(begun.getPid().startsWith("one/"), begun::getPid);
        assertEquals(options, begun.getOptions());
    }

    private static NoirRequest job(RoomJobRequest.Builder job) {
        return request(
                "j",
                AdminRequest.newBuilder()
                        .setRoomAdmin(
                                RoomAdminRequest.newBuilder().setRoomID("r").setRoomJob(job)));
    }

    @Test
    void whatIsWrongIsAnsweredAndTheStreamGoesOn() throws Exception {
        AdminStream stream = open(AdminMethod.ADMIN, port);

        stream.received(new byte[] {(byte) 0xff, 1, 2});
        assertEquals("this is no NoirRequest", last().getError());
        say(stream, NoirRequest.newBuilder().setId("x").build());
        assertEquals("this asks for nothing", last().getError());
        assertEquals("x", last().getId());
        say(stream, request("y", AdminRequest.newBuilder()));
        assertEquals("this asks for nothing", last().getAdmin().getError());
        say(stream, create("r", RoomOptions.newBuilder().setMaxAgeSeconds(-2)));
        assertEquals(
                "maxAgeSeconds is at least -1, keyExpiryFactor at least 0",
                last().getAdmin().getRoomAdmin().getError());
        say(stream, create("r", RoomOptions.newBuilder().setMaxPeers(-1)));
        assertEquals(
                "maxPeers must be a whole number from 1 to 10000",
                last().getAdmin().getRoomAdmin().getError());
        assertNull(port.closed);

        stream.finished();
        assertEquals("1000 ", port.closed);
    }

    @ParameterizedTest
    @CsvSource({"'',4116 please say who you are", "Bearer another,4116 please say who you are"})
    void strangersAreRefused(String authorization, String closed) {
        AdminStream stream = admin.open(port, AdminMethod.ADMIN, "grpc", UnaryOperator.identity())
                .orElseThrow();
        boolean entered = stream.enter(Visitor.STRANGER, NOBODY, authorization);
        say(stream, create("r", RoomOptions.newBuilder()));

        assertEquals(false, entered);
        assertEquals(closed, port.closed);
        assertEquals(List.of(), port.sent);
    }

    private static Visitor user(String name) {
        return new Visitor(
                new Caller(name, Set.of(), Caller.Means.TOKEN, "192.0.2.1"), Password.NONE, Standing.LASTING);
    }

    @Test
    void ordinaryUsersAreRefusedAndWhoMayNotAnyMoreIsTold() throws Exception {
        AdminStream ordinary = admin.open(port, AdminMethod.SEND, "grpc", UnaryOperator.identity())
                .orElseThrow();
        assertEquals(
                false,
                ordinary.enter(Visitor.STRANGER, token -> new LateProof.Outcome(user("mallory"), ""), "Bearer x"));
        assertEquals("4107 you may not administrate noiR", port.closed);

        RecordingPort second = new RecordingPort();
        AdminStream boss = admin.open(second, AdminMethod.ADMIN, "grpc", UnaryOperator.identity())
                .orElseThrow();
        assertTrue(boss.enter(Visitor.STRANGER, token -> new LateProof.Outcome(user("boss"), ""), "Bearer y"));
        bossMay = false;
        say(boss, create("r", RoomOptions.newBuilder()));
        assertEquals("you may not administrate noiR any more", reply(second, 0).getError());
    }

    private static NoirRequest join(String id, String requestId) {
        return NoirRequest.newBuilder()
                .setAdminID("me")
                .setSignal(SignalRequest.newBuilder()
                        .setId(id)
                        .setRequestId(requestId)
                        .setJoin(JoinRequest.newBuilder()
                                .setSid("s")
                                .setDescription(ByteString.copyFromUtf8(TestSdp.dataOnly()))))
                .build();
    }

    private static NoirRequest kill(String id) {
        return NoirRequest.newBuilder()
                .setAdminID("me")
                .setSignal(SignalRequest.newBuilder().setId(id).setKill(true))
                .build();
    }

    private static List<SignalReply> of(RecordingPort at, String id) {
        return at.sent.stream()
                .map(bytes -> {
                    try {
                        return NoirReply.parseFrom(bytes).getSignal();
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .filter(signal -> signal.getId().equals(id))
                .toList();
    }

    @Test
    void manyClientsSignalInOneStream() {
        AdminStream stream = open(AdminMethod.ADMIN, port);

        say(stream, join("a", "1"));
        say(stream, join("b", "2"));
        assertEquals("1", of(port, "a").get(0).getRequestId());
        assertTrue(of(port, "a").get(0).hasJoin());
        assertTrue(of(port, "b").get(0).hasJoin());
        assertTrue(
                of(port, "b").stream().anyMatch(reply -> reply.hasDescription() || reply.hasTrickle()),
                "it is told more");
        assertEquals(2, rooms.counts().get(0).peers());

        say(stream, kill("a"));
        List<SignalReply> told = of(port, "a");
        assertTrue(told.get(told.size() - 1).getKill());
        assertEquals(1, rooms.counts().get(0).peers());
        say(stream, kill("a"));
        assertEquals(told, of(port, "a"));

        stream.closed();
        assertEquals(List.of(), rooms.counts());
        assertEquals(0, signal.sockets());
    }

    @Test
    void aClientThatHasNotJoinedIsRefused() throws Exception {
        AdminStream stream = open(AdminMethod.ADMIN, port);

        say(
                stream,
                NoirRequest.newBuilder()
                        .setSignal(SignalRequest.newBuilder()
                                .setId("a")
                                .setRequestId("9")
                                .setDescription(ByteString.copyFromUtf8("{}")))
                        .build());
        assertEquals("no client of this id has joined here", last().getSignal().getError());
        assertEquals("9", last().getSignal().getRequestId());
        say(stream, join("", "1"));
        assertEquals("id must have 1 to 256 characters", last().getSignal().getError());
        assertNull(port.closed);
    }

    @Test
    void whoHasSubscribedHearsTheRepliesToWhatIsSent() throws Exception {
        AdminStream subscriber = open(AdminMethod.SUBSCRIBE, port);
        say(subscriber, AdminClient.newBuilder().setClientID("me").build());
        subscriber.finished();
        assertNull(port.closed);

        RecordingPort sent = new RecordingPort();
        say(
                open(AdminMethod.SEND, sent),
                create("r", RoomOptions.newBuilder()).toBuilder()
                        .setAdminID("me")
                        .build());
        assertEquals(1, sent.sent.size());
        assertEquals("1000 ", sent.closed);
        assertTrue(last().getAdmin().getRoomAdmin().hasCreateRoom());

        RecordingPort refused = new RecordingPort();
        say(
                open(AdminMethod.SEND, refused),
                create("r", RoomOptions.newBuilder()).toBuilder()
                        .setAdminID("me")
                        .build());
        assertEquals(0, refused.sent.size());
        assertEquals("4106 the room has been created already", refused.closed);
        assertTrue(last().getAdmin().getRoomAdmin().getError().contains("already"));

        say(open(AdminMethod.SEND, new RecordingPort()), join("a", "1"));
        assertTrue(of(port, "a").get(0).hasJoin());

        AdminStream second = open(AdminMethod.SUBSCRIBE, new RecordingPort());
        say(second, AdminClient.newBuilder().setClientID("me").build());
        assertEquals("4110 somebody else has subscribed under this name", port.closed);
    }

    @Test
    void signalsThatNobodyWouldHearAnswersToAreRefused() {
        say(open(AdminMethod.SEND, port), join("a", "1"));
        assertNotNull(port.closed);
        assertTrue(port.closed.startsWith("4109 "), port.closed);
    }
}
