package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.access.Caller;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.bus.Envelope;
import dev.noir.room.CloseCause;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.LocalCandidate;
import dev.noir.room.PeerName;
import dev.noir.room.ResumeRequest;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import dev.noir.route.ClusterFixture.Node;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoutePayloadsTest {
    private static Envelope envelope(Envelope.Kind kind, String payload) {
        return new Envelope("one", "two", kind, "room \"ä\"", "p", 0, 1, payload);
    }

    @ParameterizedTest
    @EnumSource
    void joinAndResumeArriveAsTheyWereSent(Caller.Means means) {
        RoomId room = new RoomId("room \"ä\"");
        JoinConfig config = new JoinConfig(true, false, true);
        Caller caller = new Caller("ä\"", Set.of("staff", "chair"), means, "2001:db8::1");
        JoinRequest join = new JoinRequest(
                room, new PeerName("ü"), "v=0\r\n\"", config, caller, Password.NONE, Set.of(Pass.PUBLISH));
        ResumeRequest resume = new ResumeRequest(
                room,
                new PeerName("ü"),
                config,
                "offer",
                "",
                caller,
                Set.of(Pass.JOIN, Pass.PUBLISH),
                List.of(new LearnedEncoding("0", "q", 0xFFFF_FFFFL, 0)));

        assertEquals(join, RoutePayloads.join(envelope(Envelope.Kind.JOIN, RoutePayloads.join(join))));
        assertEquals(resume, RoutePayloads.resume(envelope(Envelope.Kind.RESUME, RoutePayloads.resume(resume))));
    }

    @Test
    void anOlderNodeSaysNothingOfEncodings() {
        ResumeRequest resume = new ResumeRequest(
                new RoomId("room \"ä\""), new PeerName("p"), JoinConfig.NONE, "", "", Caller.ANONYMOUS, Set.of());
        String older = RoutePayloads.resume(resume).replace(",\"encodings\":[]", "");

        assertFalse(older.contains("encodings"));
        assertEquals(resume, RoutePayloads.resume(envelope(Envelope.Kind.RESUME, older)));
    }

    @Test
    void aPasswordStaysWhereItWasTyped() {
        JoinRequest join = new JoinRequest(
                new RoomId("room"),
                new PeerName("p"),
                "",
                JoinConfig.NONE,
                Caller.ANONYMOUS,
                new Password("correct horse"),
                Set.of(Pass.JOIN));

        assertFalse(RoutePayloads.join(join).contains("horse"));
        assertFalse(join.toString().contains("horse"));
    }

    @Test
    void soDoTheOthers() {
        LocalCandidate candidate = new LocalCandidate("candidate:1", "0", 0, "ufrag");
        String trickle = RoutePayloads.trickle(TransportRole.SUBSCRIBER, candidate);
        RoomException error = RoutePayloads.error(RoutePayloads.error(RoomException.ended()));

        assertEquals(candidate, RoutePayloads.trickleCandidate(trickle));
        assertEquals(TransportRole.SUBSCRIBER, RoutePayloads.trickleRole(trickle));
        assertEquals(CloseCause.REJOIN, RoutePayloads.close(RoutePayloads.close(CloseCause.REJOIN)));
        assertEquals(RoomException.Code.ROOM_ENDED, error.code());
        assertEquals("the room has ended", error.getMessage());
        assertEquals(Set.of("a", "b"), RoutePayloads.attached(RoutePayloads.attached(Set.of("a", "b"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "{}",
                "{\"uid\":7}",
                "{\"uid\":\"\",\"offer\":\"\",\"noPublish\":false,\"noSubscribe\":false,\"noAutoSubscribe\":false}",
                "{\"code\":\"NEVER_HEARD\",\"message\":\"\"}"
            })
    void whatCannotBeReadIsSaidToBeSo(String payload) {
        assertThrows(RoutePayloads.BadPayload.class, () -> RoutePayloads.join(envelope(Envelope.Kind.JOIN, payload)));
        assertThrows(RoutePayloads.BadPayload.class, () -> RoutePayloads.error(payload));
        assertThrows(RoutePayloads.BadPayload.class, () -> RoutePayloads.close(payload));
    }

    @Test
    void anUnreadableRequestHarmsNobody() {
        ClusterFixture cluster = new ClusterFixture();
        Node one = cluster.node("one");
        Node two = cluster.node("two");
        one.bus.send(envelope(Envelope.Kind.JOIN, "garbage"));
        one.bus.send(envelope(Envelope.Kind.ATTACHED, "garbage"));
        one.bus.send(envelope(Envelope.Kind.CLOSE, "garbage"));

        assertEquals(0, two.rooms.relayedPeers());
        assertEquals(Envelope.Kind.ERROR, two.bus.sent.get(0).kind());
        assertEquals(1, two.join("a").answers.size());
    }
}
