package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeScheduler;
import dev.noir.room.LocalCandidate;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.TestAccess;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A socket's frames in, frames out; everything between is real but media and time. */
final class ClientLinkTest {
    private static final SignalLimits LIMITS = new SignalLimits(
            20_000, 40_000, 100, 1, 2, false, Duration.ofSeconds(12), Duration.ofSeconds(30), Duration.ofMinutes(10));

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeMediaPlane media = new FakeMediaPlane();
    private final RoomService rooms = new RoomService(
            RoomOptions.DEFAULT,
            RoomLimits.DEFAULT,
            new LocalRoomDirectory("n"),
            media,
            new JsonApiMessages(),
            scheduler,
            Runnable::run,
            new Random(1),
            TestAccess.open(scheduler));
    private final SignalServer server =
            new SignalServer(LIMITS, rooms, scheduler, Runnable::run, new Random(2), NameRule.FREE);
    private final FakeSocket socket = new FakeSocket();
    private final ClientLink link = server.open(socket, Visitor.STRANGER).orElseThrow();

    @Test
    void joinsAnswersAndOffers() {
        send(join("7", "{}"));

        assertEquals(7, frame(0).getInt("id"));
        assertEquals("answer", frame(0).getJsonObject("result").getString("type"));
        JsonObject candidate = frame(1).getJsonObject("params").getJsonObject("candidate");
        assertEquals("trickle", frame(1).getString("method"));
        assertEquals(0, frame(1).getJsonObject("params").getInt("target"));
        assertEquals("0", candidate.getString("sdpMid"));
        assertEquals(0, candidate.getInt("sdpMLineIndex"));
        assertEquals("offer", frame(3).getString("method"));
        assertEquals("offer", frame(3).getJsonObject("params").getString("type"));
        assertEquals(1, frame(4).getJsonObject("params").getInt("target"));
        assertTrue(socket.frames.stream()
                .allMatch(text -> parse(text).getString("jsonrpc").equals("2.0")));
    }

    /** The container may close the socket much later: when what was sent before has been taken. */
    @Test
    void whoReadsTooSlowlyLeavesTheRoomAtOnce() {
        send(join("1", "{}"));
        assertEquals(1, rooms.peers());
        socket.held = true;
        for (int i = 0; i < Outbox.MAX_FRAMES + 2; i++) {
            link.trickle(TransportRole.PUBLISHER, new LocalCandidate("candidate", "0", 0, "ufrag"));
        }

        assertEquals("1008 the client reads too slowly", socket.closed);
        assertEquals(0, rooms.peers());
        assertEquals(1, server.sockets(), "until the container says that it has closed it");
    }

    @Test
    void configIsReadInBothSpellings() {
        for (String config : List.of("{\"NoPublish\":true}", "{\"nopublish\":true}", "{\"no_publish\":\"true\"}")) {
            FakeSocket other = new FakeSocket();
            ClientLink joining = server.open(other, Visitor.STRANGER).orElseThrow();
            String offer = TestSdp.offer("abcd", "s", "video");
            joining.received(join("1", config, offer), true);

            assertEquals(
                    1,
                    TestSdp.values(
                                    parse(other.frames.get(0))
                                            .getJsonObject("result")
                                            .getString("sdp"),
                                    "inactive")
                            .size());
            joining.closed();
        }
    }

    @Test
    void unknownMethodsAreRefusedWhenCalledAndIgnoredWhenNotified() {
        send("{\"method\":\"nope\",\"params\":{},\"id\":\"u1\"}");
        send("{\"method\":\"nope\",\"params\":{}}");

        assertEquals(1, socket.frames.size());
        assertEquals("u1", frame(0).getString("id"));
        assertEquals(-32601, frame(0).getJsonObject("error").getInt("code"));
    }

    @Test
    void badFramesAreReportedAndTheSocketStays() {
        send("{nope");
        send("[{\"method\":\"nope\",\"id\":1}]");
        send("{\"method\":\"join\",\"params\":{\"sid\":1},\"id\":\"b2\"}");
        send("{\"method\":\"join\",\"params\":{\"sid\":\"s\",\"offer\":{\"type\":\"answer\",\"sdp\":\"\"}},\"id\":3}");

        assertEquals(List.of(-32700, -32600, -32602, -32602), errorCodes());
        assertNull(socket.closed);
    }

    @Test
    void halfASurrogatePairIsRefusedAtTheDoor() {
        String offer = TestSdp.offer("abcd", "HALF", "video");
        send(join("\"j1\"", "{}", offer).replace("HALF", "a\\ud800b"));
        send("{\"method\":\"kick\",\"params\":{\"uid\":\"a\",\"reason\":\"\\udc00\"},\"id\":2}");
        send("{\"method\":\"peers\",\"params\":{\"\\ud800\":1},\"id\":3}");
        send("{\"method\":\"peers\",\"id\":\"\\ud800\"}");

        assertEquals(List.of(-32600, -32600, -32600, -32600), errorCodes());
        assertEquals("j1", frame(0).getString("id"));
        assertNull(socket.closed);
        assertEquals(0, rooms.peers());
        send(join("4", "{}", offer.replace("HALF", "\ud83d\ude00")));
        assertEquals("answer", frame(4).getJsonObject("result").getString("type"));
    }

    @Test
    void notificationsErrorsComeUnderIdZero() {
        send("{\"method\":\"answer\",\"params\":{\"desc\":{\"type\":\"answer\",\"sdp\":\"v=0\\r\\n\"}}}");

        assertEquals(0, frame(0).getInt("id"));
        assertEquals(500, frame(0).getJsonObject("error").getInt("code"));
        assertEquals(
                "no rtc transport exists for this Peer",
                frame(0).getJsonObject("error").getString("message"));
    }

    @Test
    void whatATrickleLeavesOutIsTheEndOfThePublishersCandidates() {
        send(join("1", "{}"));
        int before = socket.frames.size();
        for (String params : List.of(
                "{\"target\":0,\"candidate\":null}",
                "{\"target\":0,\"candidate\":{}}",
                "{\"target\":1,\"candidate\":{\"candidate\":null}}",
                "{\"candidate\":{\"candidate\":\"\"}}",
                "{\"target\":null}",
                "{}")) {
            send("{\"method\":\"trickle\",\"params\":" + params + "}");
        }
        assertEquals(before, socket.frames.size());

        send("{\"method\":\"trickle\",\"params\":{\"candidate\":7}}");
        send("{\"method\":\"trickle\",\"params\":{\"target\":\"0\"}}");
        assertEquals(before + 2, socket.frames.size());
        assertEquals(-32602, frame(before).getJsonObject("error").getInt("code"));
        assertEquals(-32602, frame(before + 1).getJsonObject("error").getInt("code"));
    }

    @Test
    void whoHasJoinedMaySendLongerFrames() {
        String padding = " ".repeat(LIMITS.maxFrameChars());
        send(join("1", "{}"));
        send("{\"method\":\"nope\",\"id\":2}" + padding);
        assertNull(socket.closed);
        send("{\"method\":\"nope\",\"id\":3}" + padding + padding);
        assertEquals("1009 a message may have 40000 characters", socket.closed);

        FakeSocket stranger = new FakeSocket();
        server.open(stranger, Visitor.STRANGER).orElseThrow().received(padding + "{}", true);
        assertEquals("1009 a message may have 20000 characters", stranger.closed);
    }

    @Test
    void otherTargetsAreIgnored() {
        send("{\"method\":\"trickle\",\"params\":{\"target\":5,\"candidate\":{\"candidate\":\"\"}}}");

        assertTrue(socket.frames.isEmpty());
    }

    @Test
    void closingTheSocketLeavesTheRoom() {
        send(join("1", "{}"));
        link.closed();

        assertEquals(0, rooms.peers());
        assertEquals(0, server.sockets());
        assertEquals(0, scheduler.pending());
    }

    @Test
    void whoseStandingIsOverIsToldAndGone() {
        FakeStanding standing = new FakeStanding();
        FakeSocket other = new FakeSocket();
        server.open(other, new Visitor(Caller.ANONYMOUS, Password.NONE, standing))
                .orElseThrow()
                .received(join("1", "{}"), true);
        assertEquals(1, rooms.peers());
        other.held = true; // As of a client that takes nothing any more: its media ends all the same.
        standing.end(Standing.End.TOKEN_EXPIRED);

        assertEquals(0, rooms.peers());
        assertEquals(0, standing.listeners.size());
        assertTrue(other.frames.get(other.frames.size() - 1).contains("\"code\":4010"), other.frames.toString());
        other.held = false;
        other.finishSend(null);
        assertEquals("4010 your token has expired", other.closed);
    }

    /** A client that does not answer the close keeps its socket for as long as its server waits, and nothing else. */
    @Test
    void whoseStandingIsOverIsNotObeyedAnyMore() {
        FakeStanding standing = new FakeStanding();
        FakeSocket other = new FakeSocket();
        ClientLink ending = server.open(other, new Visitor(Caller.ANONYMOUS, Password.NONE, standing))
                .orElseThrow();
        standing.end(Standing.End.SESSION_OVER);
        int told = other.frames.size();
        ending.received(join("1", "{}"), true);
        ending.received("{\"method\":\"nope\",\"id\":2}", true);

        assertEquals(0, rooms.peers());
        assertEquals(told, other.frames.size());
    }

    @Test
    void whoHasBeenThrownOutIsNotObeyedAnyMore() {
        link.receivedBinary(new byte[1], true);
        assertEquals("1003 text frames only", socket.closed);
        for (int i = 0; i < ClientLink.ON_THEIR_WAY; i++) {
            send(join("1", "{}"));
        }
        assertThrows(SocketOverException.class, () -> send(join("1", "{}")));

        assertEquals(0, rooms.peers());
        assertEquals(0, socket.frames.size());
    }

    /** Nor do signs of life keep a socket that waits for its close. */
    @Test
    void whoHasBeenThrownOutIsForgotten() {
        link.receivedBinary(new byte[1], true);
        for (int i = 0; i < 3; i++) {
            scheduler.advance(Duration.ofSeconds(12));
            link.heard();
        }

        assertEquals(0, server.sockets());
    }

    /** The standing ends on another thread, between the look and the join. */
    @Test
    void whoseStandingEndsDuringTheJoinLeavesNoGhost() {
        FakeStanding standing = new FakeStanding();
        RandomGenerator random = () -> { // Asked for a name on the way.
            standing.end(Standing.End.SESSION_OVER);
            return 1;
        };
        SignalServer racing = new SignalServer(LIMITS, rooms, scheduler, Runnable::run, random, NameRule.FREE);
        racing.open(new FakeSocket(), new Visitor(Caller.ANONYMOUS, Password.NONE, standing))
                .orElseThrow()
                .received(join("1", "{}"), true);

        assertEquals(0, rooms.peers());
    }

    @Test
    void whoseStandingWasOverAtOnceGetsNoSocket() {
        FakeSocket other = new FakeSocket();
        Standing over = listener -> {
            listener.accept(Standing.End.SESSION_OVER);
            return () -> {};
        };
        server.open(other, new Visitor(Caller.ANONYMOUS, Password.NONE, over));

        assertEquals("4009 your session is over, please log in again", other.closed);
        assertEquals(1, server.sockets()); // The other test's.
    }

    @Test
    void nobodyIsWatchedWhoHasGone() {
        FakeStanding standing = new FakeStanding();
        ClientLink watched = server.open(new FakeSocket(), new Visitor(Caller.ANONYMOUS, Password.NONE, standing))
                .orElseThrow();
        assertEquals(1, standing.listeners.size());
        watched.closed();

        assertEquals(0, standing.listeners.size());
    }

    /** Ends when the test says so. */
    private static final class FakeStanding implements Standing {
        final List<Consumer<End>> listeners = new ArrayList<>();

        @Override
        public Watch whenOver(Consumer<End> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        void end(End why) {
            List.copyOf(listeners).forEach(listener -> listener.accept(why));
        }
    }

    @Test
    void aReplacedClientIsToldAndClosed() {
        send(join("1", "{}"));
        FakeSocket newer = new FakeSocket();
        server.open(newer, Visitor.STRANGER).orElseThrow().received(join("1", "{}"), true);

        JsonObject last = frame(socket.frames.size() - 1);
        assertEquals("closed", last.getString("method"));
        assertEquals(4000, last.getJsonObject("params").getInt("code"));
        assertEquals("4000 replaced by a newer connection with the same uid", socket.closed);
    }

    @Test
    void longMessagesCloseTheSocketWhetherInPartsOrNot() {
        link.received("x".repeat(19_000), false);
        assertNull(socket.closed);
        link.received("x".repeat(1_001), false);

        assertEquals("1009 a message may have 20000 characters", socket.closed);
    }

    @Test
    void aSilentClientIsPingedThenGivenUp() {
        send(join("1", "{}"));
        send(answer());
        scheduler.advance(Duration.ofSeconds(24));
        assertEquals(2, socket.pings);
        link.heard();
        scheduler.advance(Duration.ofSeconds(30));
        assertNull(socket.closed);
        scheduler.advance(Duration.ofSeconds(12));

        assertEquals("1008 the client has not been heard of", socket.closed);
        assertEquals(0, rooms.peers());
        assertEquals(0, scheduler.pending());
    }

    @Test
    void socketsArePingedTogether() {
        scheduler.advance(Duration.ofMillis(1100));
        FakeSocket second = new FakeSocket();
        assertTrue(server.open(second, Visitor.STRANGER).isPresent());
        scheduler.advance(Duration.ofMillis(10_899));
        assertEquals(0, socket.pings + second.pings);
        scheduler.advance(Duration.ofMillis(1));

        assertEquals(1, socket.pings);
        assertEquals(1, second.pings);
    }

    @Test
    void aSocketThatJoinsNothingIsGivenUp() {
        for (int i = 0; i < 50; i++) {
            scheduler.advance(Duration.ofSeconds(12));
            link.heard();
        }
        assertNull(socket.closed);
        scheduler.advance(Duration.ofSeconds(12));

        assertEquals("1008 no room was joined", socket.closed);
    }

    @Test
    void moreSocketsThanAllowedAreRefused() {
        assertTrue(server.open(new FakeSocket(), Visitor.STRANGER).isPresent());
        FakeSocket third = new FakeSocket();

        assertTrue(server.open(third, Visitor.STRANGER).isEmpty());
        assertEquals("1013 the server has too many connections, try again later", third.closed);
    }

    @Test
    void oneAddressHasItsShareOfSocketsAndJoins() {
        Quotas quotas =
                new Quotas(new Quotas.Share(1, 1, 0), Quotas.Share.UNLIMITED, OptionalInt.empty(), scheduler::nanoTime);
        SignalServer counting =
                new SignalServer(LIMITS, quotas, rooms, scheduler, Runnable::run, new Random(2), NameRule.FREE);
        FakeSocket first = new FakeSocket();
        ClientLink client = counting.open(first, Visitor.STRANGER).orElseThrow();
        FakeSocket second = new FakeSocket();
        assertTrue(counting.open(second, Visitor.STRANGER).isEmpty());
        assertEquals("1013 too many connections from your address, try again later", second.closed);

        client.received(join("1", "{}"), true);
        client.received(join("2", "{}"), true);
        JsonObject refusal = parse(first.frames.get(first.frames.size() - 1)).getJsonObject("error");
        assertEquals(429, refusal.getInt("code"));
        assertEquals("too many joins, try again later", refusal.getString("message"));

        client.closed();
        client.closed();
        assertTrue(counting.open(new FakeSocket(), Visitor.STRANGER).isPresent());
        assertTrue(counting.open(new FakeSocket(), Visitor.STRANGER).isEmpty(), "given back once");
    }

    @Test
    void theServersEndIsTold() {
        server.close();

        assertEquals("1001 the server is going down", socket.closed);
    }

    private void send(String text) {
        link.received(text, true);
    }

    private JsonObject frame(int index) {
        return parse(socket.frames.get(index));
    }

    private List<Integer> errorCodes() {
        return socket.frames.stream()
                .map(text -> parse(text).getJsonObject("error").getInt("code"))
                .toList();
    }

    /** Of the first offer. */
    private String answer() {
        String sdp = TestSdp.answer(frame(3).getJsonObject("params").getString("sdp"));
        return "{\"method\":\"answer\",\"params\":{\"desc\":{\"type\":\"answer\",\"sdp\":\""
                + sdp.replace("\r\n", "\\r\\n") + "\"}}}";
    }

    private static JsonObject parse(String text) {
        return JsonRpcCodec.JSON.createReader(new StringReader(text)).readObject();
    }

    private static String join(String id, String config) {
        return join(id, config, TestSdp.dataOnly());
    }

    private static String join(String id, String config, String offer) {
        String sdp = offer.replace("\r\n", "\\r\\n");
        return "{\"method\":\"join\",\"params\":{\"sid\":\"s\",\"uid\":\"u\",\"offer\":{\"sdp\":\"" + sdp
                + "\",\"type\":\"offer\"},\"config\":" + config + "},\"id\":" + id + "}";
    }

    @Test
    void aSocketOpenedAfterTheServersCloseIsSentAway() {
        FakeSocket late = new FakeSocket();
        server.close();

        assertTrue(server.open(late, Visitor.STRANGER).isEmpty());
        assertEquals("1001 the server is going down", late.closed);
    }
}
