package dev.noir.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.noir.access.Caller;
import dev.noir.access.LateProof;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.proto.rtc.JoinRequest;
import dev.noir.proto.rtc.Reply;
import dev.noir.proto.rtc.Request;
import dev.noir.proto.rtc.SessionDescription;
import dev.noir.proto.rtc.Subscription;
import dev.noir.proto.rtc.SubscriptionRequest;
import dev.noir.proto.rtc.Target;
import dev.noir.proto.rtc.TrackEvent;
import dev.noir.proto.rtc.Trickle;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomService;
import dev.noir.room.TestSdp;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.SignalServer;
import dev.noir.signal.TestRooms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gRPC-web stream's frames in, frames out; everything between is real but media and time. */
final class WebStreamTest {
    private static final int LONGEST = 20_000;
    private static final SignalLimits LIMITS = new SignalLimits(
            LONGEST, 40_000, 100, 1, 10, false, Duration.ofSeconds(12), Duration.ofSeconds(30), Duration.ofMinutes(10));
    private static final String HEADERS = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RoomService rooms = TestRooms.open(scheduler);
    private final Quotas quotas =
            new Quotas(new Quotas.Share(2, 0, 0), new Quotas.Share(1, 0, 0), OptionalInt.empty(), scheduler::nanoTime);
    private final SignalServer server =
            new SignalServer(LIMITS, quotas, rooms, scheduler, Runnable::run, new Random(2), NameRule.PRINCIPAL);
    private final RecordingPort socket = new RecordingPort();

    private WebStream open(SignalService service, @Nullable LateProof proof) {
        return GrpcWebServlet.open(server, service, socket, Visitor.STRANGER, proof)
                .orElseThrow();
    }

    private WebStream begun(SignalService service) {
        WebStream stream = open(service, null);
        stream.receivedBinary(HEADERS.getBytes(StandardCharsets.US_ASCII), true);
        return stream;
    }

    private static void send(WebStream stream, MessageLite message) {
        stream.receivedBinary(part(GrpcFrames.message(message.toByteArray())), true);
    }

    private static byte[] part(byte[] bytes) {
        byte[] part = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, part, 1, bytes.length);
        return part;
    }

    private static Request join(String uid, String sdp) {
        return Request.newBuilder()
                .setJoin(JoinRequest.newBuilder()
                        .setSid("s")
                        .setUid(uid)
                        .setDescription(
                                SessionDescription.newBuilder().setType("offer").setSdp(sdp)))
                .build();
    }

    private Reply reply(int index) throws InvalidProtocolBufferException {
        return Reply.parseFrom(message(index));
    }

    /** The first frame is the headers'. */
    private byte[] message(int index) {
        byte[] frame = socket.sent.get(index + 1);
        assertEquals(0, frame[0]);
        return Arrays.copyOfRange(frame, GrpcFrames.HEADER, frame.length);
    }

    /** The status that the last frame tells. */
    private String trailers() {
        byte[] frame = socket.sent.get(socket.sent.size() - 1);
        assertEquals((byte) 0x80, frame[0]);
        return new String(frame, GrpcFrames.HEADER, frame.length - GrpcFrames.HEADER, StandardCharsets.US_ASCII);
    }

    @Test
    void joinsAnswersAndOffers() throws Exception {
        WebStream stream = begun(SignalService.RTC);
        assertEquals("content-type: application/grpc-web+proto\r\n", trailers());

        send(stream, join("a", TestSdp.dataOnly()));

        assertTrue(reply(0).getJoin().getSuccess());
        assertEquals("answer", reply(0).getJoin().getDescription().getType());
        assertEquals(Target.PUBLISHER, reply(1).getTrickle().getTarget());
        assertTrue(reply(1).getTrickle().getInit().contains("\"sdpMid\":\"0\""));
        SessionDescription offer = reply(3).getDescription();
        assertEquals(Target.SUBSCRIBER, offer.getTarget());
        assertEquals("offer", offer.getType());

        int before = socket.sent.size();
        send(
                stream,
                Request.newBuilder()
                        .setDescription(SessionDescription.newBuilder()
                                .setType("answer")
                                .setSdp(TestSdp.answer(offer.getSdp())))
                        .build());
        send(
                stream,
                Request.newBuilder()
                        .setTrickle(Trickle.newBuilder().setInit("{\"candidate\":\"\"}"))
                        .build());
        assertEquals(before, socket.sent.size(), "nothing was wrong");
    }

    @Test
    void aClientThatChoosesHearsOfTracksAndSubscribes() throws Exception {
        WebStream stream = begun(SignalService.RTC);
        send(
                stream,
                Request.newBuilder()
                        .setJoin(join("a", TestSdp.dataOnly()).getJoin().toBuilder()
                                .putConfig("NoAutoSubscribe", "true"))
                        .build());
        int joined = socket.sent.size() - 1;
        FakeClient publisher =
                new FakeClient(rooms).join("s", "b", TestSdp.offer("abcd", "x", "simulcast-video"), JoinConfig.NONE);

        TrackEvent event = reply(joined).getTrackEvent();
        assertEquals(TrackEvent.State.ADD, event.getState());
        assertEquals("b", event.getUid());
        assertEquals(
                List.of("track-1 x video low", "track-1 x video high"),
                event.getTracksList().stream()
                        .map(track -> track.getId() + " " + track.getStreamId() + " " + track.getKind() + " "
                                + track.getLayer())
                        .toList());

        send(
                stream,
                Request.newBuilder()
                        .setSubscription(SubscriptionRequest.newBuilder()
                                .addSubscriptions(Subscription.newBuilder()
                                        .setTrackId("track-1")
                                        .setSubscribe(true)
                                        .setLayer("low")))
                        .build());
        assertTrue(reply(joined + 1).getSubscription().getSuccess());
        publisher.leave();
        assertEquals(TrackEvent.State.REMOVE, reply(joined + 2).getTrackEvent().getState());
    }

    @Test
    void aRefusedJoinLeavesTheStreamUsable() throws Exception {
        WebStream stream = begun(SignalService.RTC);

        send(stream, join("a", "nonsense"));
        assertFalse(reply(0).getJoin().getSuccess());
        assertEquals(500, reply(0).getJoin().getError().getCode());
        assertTrue(reply(0).getJoin().getError().getReason().startsWith("error creating answer"));

        send(stream, join("a", TestSdp.dataOnly()));
        assertTrue(reply(1).getJoin().getSuccess());
    }

    @ParameterizedTest
    @ValueSource(strings = {"DESCRIPTION", "TRICKLE", "NOTHING", "GARBAGE", "DEEP"})
    void whatIsWrongIsSaidAndTheStreamGoesOn(String what) throws Exception {
        WebStream stream = begun(SignalService.RTC);
        switch (what) {
            case "GARBAGE" -> stream.receivedBinary(part(GrpcFrames.message(new byte[] {(byte) 0xff, 1, 2})), true);
            case "DESCRIPTION" ->
                send(
                        stream,
                        Request.newBuilder()
                                .setDescription(SessionDescription.newBuilder().setType("rollback"))
                                .build());
            case "TRICKLE" ->
                send(
                        stream,
                        Request.newBuilder()
                                .setTrickle(Trickle.newBuilder().setInit("[1]"))
                                .build());
            case "DEEP" ->
                send(
                        stream,
                        Request.newBuilder()
                                .setTrickle(Trickle.newBuilder().setInit("[".repeat(5000)))
                                .build());
            default -> send(stream, Request.getDefaultInstance());
        }

        assertEquals(400, reply(0).getError().getCode(), what);
        send(stream, join("a", TestSdp.dataOnly()));
        assertTrue(reply(1).getJoin().getSuccess());
    }

    @Test
    void tooLongAMessageEndsTheStreamBeforeItHasCome() {
        WebStream stream = begun(SignalService.RTC);
        byte[] frame = GrpcFrames.message(new byte[LONGEST + 1]);

        stream.receivedBinary(part(Arrays.copyOf(frame, GrpcFrames.HEADER)), true);

        assertTrue(trailers().startsWith("grpc-status: 8\r\n"), trailers());
    }

    @Test
    void soDoTooManyMessages() {
        WebStream stream = begun(SignalService.RTC);
        for (int i = 0; i < 130; i++) {
            send(stream, Request.getDefaultInstance());
        }
        assertEquals("grpc-status: 8\r\ngrpc-message: too many messages\r\n", trailers());
    }

    @Test
    void messagesAreCutAsTheyLike() throws Exception {
        WebStream stream = begun(SignalService.RTC);
        byte[] bytes = GrpcFrames.message(join("a", TestSdp.dataOnly()).toByteArray());
        for (byte b : bytes) {
            stream.receivedBinary(new byte[] {0}, false);
            stream.receivedBinary(new byte[] {b}, true);
        }
        assertTrue(reply(0).getJoin().getSuccess());
    }

    @Test
    void whoSaysNoMoreLeaves() {
        WebStream stream = begun(SignalService.RTC);
        send(stream, join("a", TestSdp.dataOnly()));
        assertEquals(1, rooms.peers());

        stream.receivedBinary(new byte[] {1}, true);

        assertEquals(0, rooms.peers());
        assertEquals("grpc-status: 0\r\ngrpc-message: \r\n", trailers());
        assertEquals("1000 ", socket.closed);
    }

    @Test
    void whoSendsNoHeadersIsNotWaitedFor() {
        open(SignalService.RTC, null);
        scheduler.advance(Duration.ofSeconds(11));
        assertTrue(trailers().startsWith("grpc-status: 16\r\n"), trailers());
    }

    /** The name rule binds who is known to his name: so we see that he is. */
    @Test
    void aTokenInTheFirstFrameSaysWhoIsThere() {
        Visitor alice =
                new Visitor(new Caller("alice", Set.of(), Caller.Means.TOKEN, ""), Password.NONE, Standing.LASTING);
        WebStream stream = open(SignalService.RTC, authorization -> {
            assertEquals("token of hers", authorization);
            return new LateProof.Outcome(alice, "");
        });
        stream.receivedBinary((HEADERS + "Authorization: token of hers\r\n").getBytes(StandardCharsets.US_ASCII), true);
        send(stream, join("", TestSdp.dataOnly()));
        assertEquals(1, rooms.peers());

        // She counts as herself now: a stranger may have two connections, she one.
        assertEquals(
                "too many connections from you, try again later",
                quotas.open(alice.caller()).orElse(""));
        assertTrue(quotas.open(Caller.ANONYMOUS).isEmpty());
        assertTrue(quotas.open(Caller.ANONYMOUS).isEmpty());
        stream.closed();
        assertTrue(quotas.open(alice.caller()).isEmpty());
    }

    @Test
    void aWrongTokenEndsTheStream() {
        WebStream stream =
                open(SignalService.RTC, authorization -> new LateProof.Outcome(Visitor.STRANGER, "expired, 100 %"));
        stream.receivedBinary(HEADERS.getBytes(StandardCharsets.US_ASCII), true);

        assertEquals("grpc-status: 16\r\ngrpc-message: expired, 100 %25\r\n", trailers());
        send(stream, join("a", TestSdp.dataOnly()));
        assertEquals(0, rooms.peers());
    }

    @Test
    void anotherTokenEndsWithItsStanding() {
        Visitor alice = new Visitor(
                new Caller("alice", Set.of(), Caller.Means.TOKEN, ""),
                Password.NONE,
                listener -> scheduler.schedule(Duration.ofSeconds(5), () -> listener.accept(Standing.End.TOKEN_EXPIRED))
                        ::cancel);
        WebStream stream = open(SignalService.RTC, authorization -> new LateProof.Outcome(alice, ""));
        stream.receivedBinary((HEADERS + "authorization: x\r\n").getBytes(StandardCharsets.US_ASCII), true);
        send(stream, join("", TestSdp.dataOnly()));

        scheduler.advance(Duration.ofSeconds(6));

        assertEquals("grpc-status: 16\r\ngrpc-message: your token has expired\r\n", trailers());
        assertEquals(0, rooms.peers());
    }

    @Test
    void theOlderServiceCarriesJson() throws Exception {
        WebStream stream = begun(SignalService.SFU);
        send(
                stream,
                dev.noir.proto.sfu.SignalRequest.newBuilder()
                        .setId("7")
                        .setJoin(dev.noir.proto.sfu.JoinRequest.newBuilder()
                                .setSid("s")
                                .setUid("u")
                                .setDescription(json("offer", TestSdp.dataOnly())))
                        .build());

        dev.noir.proto.sfu.SignalReply joined = dev.noir.proto.sfu.SignalReply.parseFrom(message(0));
        assertEquals("7", joined.getId());
        assertEquals(
                "answer",
                Descriptions.description(joined.getJoin().getDescription().toByteArray())
                        .type());
        dev.noir.proto.sfu.SignalReply offered = dev.noir.proto.sfu.SignalReply.parseFrom(message(3));
        assertEquals("", offered.getId());
        assertEquals(
                "offer",
                Descriptions.description(offered.getDescription().toByteArray()).type());
        assertNull(socket.closed);
    }

    @Test
    void theOlderServiceEndsWithARefusedJoin() throws Exception {
        WebStream stream = begun(SignalService.SFU);
        send(
                stream,
                dev.noir.proto.sfu.SignalRequest.newBuilder()
                        .setId("7")
                        .setJoin(dev.noir.proto.sfu.JoinRequest.newBuilder()
                                .setSid("s")
                                .setDescription(json("offer", "nonsense")))
                        .build());

        assertTrue(
                dev.noir.proto.sfu.SignalReply.parseFrom(message(0)).getError().startsWith("error creating answer"));
        assertTrue(trailers().startsWith("grpc-status: 3\r\n"), trailers());
    }

    @Test
    void theOriginalsSignalTakesTheSdpAsItIs() throws Exception {
        WebStream stream = begun(SignalService.NOIR);
        send(
                stream,
                dev.noir.proto.noir.SignalRequest.newBuilder()
                        .setId("peer")
                        .setRequestId("1")
                        .setJoin(dev.noir.proto.noir.JoinRequest.newBuilder()
                                .setSid("s")
                                .setDescription(ByteString.copyFromUtf8(TestSdp.dataOnly())))
                        .build());
        dev.noir.proto.noir.SignalReply joined = dev.noir.proto.noir.SignalReply.parseFrom(message(0));
        assertEquals(List.of("peer", "1"), List.of(joined.getId(), joined.getRequestId()));
        assertTrue(joined.hasJoin());

        send(
                stream,
                dev.noir.proto.noir.SignalRequest.newBuilder()
                        .setRequestId("2")
                        .setDescription(ByteString.copyFromUtf8("{\"desc\":{\"type\":\"answer\",\"sdp\":\"v=0\"}}"))
                        .build());
        int last = socket.sent.size() - 2;
        assertEquals(
                "2", dev.noir.proto.noir.SignalReply.parseFrom(message(last)).getRequestId());

        send(
                stream,
                dev.noir.proto.noir.SignalRequest.newBuilder().setKill(true).build());
        assertEquals(0, rooms.peers());
        assertTrue(trailers().startsWith("grpc-status: 0"));
    }

    private static ByteString json(String type, String sdp) {
        return ByteString.copyFrom(Descriptions.json(type, sdp));
    }

    /** ion-sdk-js makes a character of each byte. */
    @Test
    void jsonIsAscii() throws Exception {
        byte[] json = Descriptions.json("offer", "s=\u00e4\ud83d\ude00");
        assertArrayEquals(json, new String(json, StandardCharsets.US_ASCII).getBytes(StandardCharsets.UTF_8));
        assertEquals("s=\u00e4\ud83d\ude00", Descriptions.description(json).sdp());
    }
}
