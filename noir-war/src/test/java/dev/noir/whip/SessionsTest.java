package dev.noir.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.CloseCause;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerRequests;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import dev.noir.signal.JoinWish;
import dev.noir.signal.Joins;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two nodes' sessions, before rooms that the test plays. */
final class SessionsTest {
    private static final String OFFER = TestSdp.offer("abcd", "s", "audio");
    private static final String ANEW = "a=ice-ufrag:efgh\r\na=ice-pwd:" + "q".repeat(24) + "\r\n";

    /** What was asked of rooms. */
    private static final class FakeRooms implements PeerRequests {
        final Map<PeerLink, JoinRequest> joined = new HashMap<>();
        final List<Reply> offers = new ArrayList<>();
        final CountDownLatch leaving = new CountDownLatch(1);
        final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public void join(PeerLink link, JoinRequest request, Reply reply) {
            if (request.room().value().equals("full")) {
                throw new RoomException(RoomException.Code.ROOM_FULL, "the room is full");
            }
            if (request.room().value().equals("slow")) {
                refuseMeanwhile(reply);
                return;
            }
            joined.put(link, request);
            reply.answer("an answer");
        }

        /** By a thread that is in the middle of it when the question has been asked. */
        private void refuseMeanwhile(Reply reply) {
            RoomException refusal = new RoomException(RoomException.Code.NO_SUCH_PEER, "nobody sends");
            Thread refuser = new Thread(() -> reply.error(refusal), "refuser");
            refuser.start();
            await(leaving);
        }

        @Override
        public void offer(PeerLink link, String sdp, Reply reply) {
            assertTrue(sdp.contains("a=ice-ufrag:efgh"));
            offers.add(reply);
        }

        @Override
        public void answer(PeerLink link, String sdp, Reply reply) {
            throw new AssertionError();
        }

        @Override
        public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {
            reply.done();
        }

        @Override
        public void moderate(PeerLink link, ModerationCommand command, Reply reply) {
            throw new AssertionError();
        }

        @Override
        public void leave(PeerLink link) {
            joined.remove(link);
            if (Thread.currentThread().getName().equals("refuser")) {
                leaving.countDown();
                await(asked);
            }
        }

        @Override
        public boolean isJoined(PeerLink link) {
            return joined.containsKey(link);
        }

        PeerLink only() {
            assertEquals(1, joined.size());
            return joined.keySet().iterator().next();
        }
    }

    private final FakeRooms rooms = new FakeRooms();
    private final Quotas two =
            new Quotas(new Quotas.Share(2, 0, 0), Quotas.Share.UNLIMITED, OptionalInt.empty(), () -> 0);
    private final Map<String, Sessions> nodes = new HashMap<>();
    private final Sessions here = node("here", two, 3);
    private final Sessions there = node("there", Quotas.unlimited(), 3);

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Sessions node(String name, Quotas quotas, int max) {
        OtherNodes others = new OtherNodes() {
            @Override
            public String self() {
                return name;
            }

            @Override
            public boolean isAlive(String node) {
                return nodes.containsKey(node);
            }

            @Override
            public CompletionStage<String> ask(String node, String question) {
                assertTrue(Sessions.isQuestion(question));
                return node.equals("silent")
                        ? CompletableFuture.failedStage(new RoomException(RoomException.Code.UNAVAILABLE, "silent"))
                        : nodes.get(node).asked(question);
            }
        };
        Joins joins = new Joins(rooms, quotas, new Random(1), NameRule.FREE);
        Sessions sessions = new Sessions(rooms, joins, quotas, others, new Random(name.hashCode()), max);
        nodes.put(name, sessions);
        return sessions;
    }

    private static Visitor from(String address) {
        return new Visitor(Caller.ANONYMOUS.at(address), Password.NONE, Standing.LASTING);
    }

    private static Sessions.Opening open(Sessions at, Visitor visitor, String room) {
        JoinWish wish = new JoinWish(new RoomId(room), "", OFFER, JoinConfig.INGRESS, Password.NONE, Password.NONE);
        return at.open(visitor, wish).toCompletableFuture().join();
    }

    private static Answer change(Sessions at, Change change) {
        return at.change(change).toCompletableFuture().join();
    }

    @Test
    void endsWhereverItIsAskedTo() {
        Sessions.Opening opened = open(here, from("192.0.2.1"), "r");
        assertEquals(201, opened.answer().status());
        assertEquals("an answer", opened.answer().body());
        assertEquals(200, change(there, Change.end(opened.id().text())).status());
        assertEquals(Map.of(), rooms.joined);
        assertEquals(404, change(there, Change.end(opened.id().text())).status());
        assertEquals(404, change(here, Change.end(opened.id().text())).status());
    }

    @Test
    void anAnswerOfAnotherNodeIsTheSame() {
        Sessions.Opening opened = open(here, from("192.0.2.1"), "r");
        Change trickle = new Change(opened.id().text(), false, "*", "a=mid:0\r\n");
        assertEquals(204, change(there, trickle).status());
        Answer refused = change(there, new Change(opened.id().text(), false, "", "a=mid:0\r\n"));
        assertEquals(428, refused.status());
        assertEquals("application/problem+json", refused.headers().get("Content-Type"));
    }

    @Test
    void withItsNodeASessionIsGone() {
        SessionId id = SessionId.generate("dead", new Random(1));
        assertEquals(404, change(here, Change.end(id.text())).status());
        nodes.put("silent", there);
        SessionId silent = SessionId.generate("silent", new Random(1));
        assertEquals(503, change(here, Change.end(silent.text())).status());
    }

    @Test
    void endsWithItsConnection() {
        for (Consumer<PeerLink> end : List.<Consumer<PeerLink>>of(
                PeerLink::left, link -> link.close(CloseCause.REPLACED), link -> link.moved(CloseCause.ROOM_MOVED))) {
            Sessions.Opening opened = open(here, from("192.0.2.1"), "r");
            end.accept(rooms.only());
            assertEquals(404, change(here, Change.end(opened.id().text())).status());
            assertEquals(0, here.count());
        }
    }

    @Test
    void oneAddressHasItsShareAndTheNodeItsLimit() {
        open(here, from("192.0.2.1"), "r");
        open(here, from("192.0.2.1"), "r");
        assertEquals(429, open(here, from("192.0.2.1"), "r").answer().status());
        Sessions.Opening other = open(here, from("192.0.2.2"), "r");
        assertEquals(201, other.answer().status());
        Answer refused = open(here, from("192.0.2.3"), "r").answer();
        assertEquals(503, refused.status());
        assertEquals("10", refused.headers().get("Retry-After"));
        change(here, Change.end(other.id().text()));
        assertEquals(201, open(here, from("192.0.2.3"), "r").answer().status());
    }

    @Test
    void publishersAndViewersAreCounted() {
        open(here, from("192.0.2.1"), "r");
        JoinWish wish =
                new JoinWish(new RoomId("r"), "", OFFER, JoinConfig.egress("studio"), Password.NONE, Password.NONE);
        Sessions.Opening viewer =
                here.open(from("192.0.2.2"), wish).toCompletableFuture().join();
        assertEquals(new Sessions.Counts(1, 1), here.counts());
        change(here, Change.end(viewer.id().text()));
        assertEquals(new Sessions.Counts(1, 0), here.counts());
    }

    @Test
    void whoIsRefusedIsNotCounted() {
        for (int i = 0; i < 10; i++) {
            assertEquals(503, open(here, from("192.0.2.1"), "full").answer().status());
        }
        assertEquals(0, here.count());
        assertEquals(201, open(here, from("192.0.2.1"), "r").answer().status());
    }

    @Test
    void whoIsRefusedMeanwhileHearsWhy() {
        JoinWish wish =
                new JoinWish(new RoomId("slow"), "", OFFER, JoinConfig.egress(""), Password.NONE, Password.NONE);
        CompletionStage<Sessions.Opening> opening = here.open(from("192.0.2.1"), wish);
        rooms.asked.countDown();
        assertEquals(409, opening.toCompletableFuture().join().answer().status());
        assertEquals(0, here.count());
    }

    @Test
    void oneRestartAtATime() {
        Sessions.Opening opened = open(here, from("192.0.2.1"), "r");
        CompletableFuture<Answer> first =
                here.change(new Change(opened.id().text(), false, "*", ANEW)).toCompletableFuture();
        assertFalse(first.isDone());
        assertEquals(
                409,
                change(here, new Change(opened.id().text(), false, "*", ANEW)).status());
        rooms.offers.get(0).error(new RoomException(RoomException.Code.UNAVAILABLE, "not now"));
        assertEquals(503, first.join().status());
        CompletableFuture<Answer> next =
                here.change(new Change(opened.id().text(), false, "*", ANEW)).toCompletableFuture();
        rooms.offers.get(1).answer(TestSdp.offer("ours", "s", "audio"));
        assertEquals(200, next.join().status());
        String tag = opened.answer().headers().get("ETag");
        assertEquals(
                412,
                change(here, new Change(opened.id().text(), false, tag, "a=mid:0"))
                        .status());
    }

    @Test
    void whatIsNotKnownAnyMoreEndsIt() {
        List<Consumer<Standing.End>> listeners = new ArrayList<>();
        Standing standing = listener -> {
            listeners.add(listener);
            return () -> {};
        };
        open(here, new Visitor(Caller.ANONYMOUS, Password.NONE, standing), "r");
        assertEquals(1, here.count());
        listeners.get(0).accept(Standing.End.TOKEN_EXPIRED);
        assertEquals(0, here.count());
        assertEquals(Map.of(), rooms.joined);
    }

    @Test
    void stoppedItTakesNobody() {
        open(here, from("192.0.2.1"), "r");
        here.close();
        assertEquals(Map.of(), rooms.joined);
        assertEquals(503, open(here, from("192.0.2.1"), "r").answer().status());
    }
}
