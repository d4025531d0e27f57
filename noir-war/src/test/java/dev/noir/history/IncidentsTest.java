package dev.noir.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.event.RoomMoved;
import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.RoomId;
import dev.noir.room.TransportState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The spans of a peer that is in a room from 0 on, and is looked at after a tenth of each step of 5 s. */
final class IncidentsTest {
    private static final long FIRST = 100;
    private static final long STEP = 5000;

    private final HistoryFixture noir = new HistoryFixture(Duration.ofMinutes(10));
    private long packets = 100;

    IncidentsTest() {
        noir.join("r", "alice");
    }

    private static Snapshots peer() {
        return new Snapshots();
    }

    /** The peer does this for so many samples. */
    private void does(Snapshots what, int samples) {
        noir.doing.put("alice", what.of("alice"));
        for (int i = 0; i < samples; i++) {
            noir.step();
        }
    }

    private List<Span> spans() {
        return noir.timeline("r", "alice").spans();
    }

    /** About the connection. */
    private static Span span(int from, int to, Kind kind, Severity severity, String says) {
        return new Span(
                FIRST + from * STEP,
                OptionalLong.of(FIRST + to * STEP),
                kind,
                severity,
                Optional.empty(),
                Optional.empty(),
                says);
    }

    private static Span about(String peer, Span span) {
        return new Span(
                span.from(),
                span.to(),
                span.kind(),
                span.severity(),
                Optional.of("cam-" + peer),
                Optional.of(peer),
                span.says());
    }

    @Test
    void aGoodCallHasNone() {
        for (int i = 0; i < 10; i++) {
            does(peer().line(2_000_000, 10).publish("alice", packets += 100, 1).show("bob", packets), 1);
        }
        assertEquals(List.of(), spans());
    }

    @Test
    void aLineThatIsThinFreezesPictures() {
        does(peer().line(2_000_000, 0).show("bob", packets), 1);
        does(peer().line(180_000, 0).paused("bob", packets), 2);
        does(peer().line(170_000, 0).paused("bob", packets), 1);
        does(peer().line(900_000, 0).show("bob", packets + 1), 1);

        assertEquals(
                List.of(about(
                        "bob",
                        span(
                                1,
                                4,
                                Kind.FROZEN,
                                Severity.BAD,
                                "bob's picture froze: the line of alice fell to 170 kbit/s,"
                                        + " lower than the smallest layer (200 kbit/s)"))),
                spans());
    }

    @Test
    void severalPicturesAreOneSpanAndLossIsTold() {
        does(peer().line(310_000, 120).paused("bob", packets).paused("carol", packets), 1);
        Span lasting = spans().get(0);

        assertEquals(OptionalLong.empty(), lasting.to());
        assertEquals(Optional.empty(), lasting.of());
        assertEquals(
                "2 pictures froze: the line of alice fell to 310 kbit/s, too little for the smallest layers of all,"
                        + " for it lost 12 % of the packets",
                lasting.says());
    }

    @Test
    void picturesMayBeSmaller() {
        does(peer().line(400_000, 0).smaller("bob", packets += 100), 1);
        does(peer().line(2_000_000, 0).show("bob", packets += 100), 2);
        assertEquals(List.of(), spans(), "not for a moment");

        does(peer().line(400_000, 0).smaller("bob", packets += 100), 1);
        does(peer().line(400_000, 0).smaller("bob", packets += 100), 1);
        assertEquals(
                "bob's picture was shown smaller or with fewer frames: the line of alice took 400 kbit/s,"
                        + " and all of it would need 1200 kbit/s",
                spans().get(0).says());
        assertEquals(Kind.REDUCED, spans().get(0).kind());
    }

    @Test
    void aLineMayLosePackets() {
        does(peer().line(2_000_000, 60), 1);
        does(peer().line(2_000_000, 0), 2);
        assertEquals(List.of(), spans(), "not for a moment");

        does(peer().line(2_000_000, 60), 1);
        does(peer().line(2_000_000, 90), 1);
        does(peer().line(2_000_000, 0), 1);
        does(peer().line(2_000_000, 70), 1);
        does(peer().line(2_000_000, 0), 2);
        assertEquals(
                List.of(span(
                        3, 7, Kind.LOSSY, Severity.WARNING, "up to 9 % of what was sent to alice got lost on the way")),
                spans());
    }

    @Test
    void whatAPeerSendsMayGetLost() {
        for (int i = 0; i < 4; i++) {
            does(peer().publish("alice", 100 + i * 80L, i * 20L), 1);
        }
        assertEquals(Kind.LOSSY_UP, spans().get(0).kind());
        assertEquals(Severity.BAD, spans().get(0).severity());
        assertEquals(
                "up to 20 % of what alice sent got lost on its way to the server",
                spans().get(0).says());
    }

    @Test
    void whatGetsLostBetweenTwoSamplesAloneIsSeenWhenItIsMuch() {
        does(peer().publish("alice", 100, 0), 1);
        does(peer().publish("alice", 200, 10), 1);
        does(peer().publish("alice", 300, 10), 2);
        assertEquals(List.of(), spans(), "not a little");

        does(peer().publish("alice", 400, 40), 1);
        does(peer().publish("alice", 500, 40), 2);
        assertEquals(
                List.of(span(
                        4,
                        5,
                        Kind.LOSSY_UP,
                        Severity.BAD,
                        "up to 23 % of what alice sent got lost on its way to the server")),
                spans());
    }

    /** By the reports of who is sent it: also when the line's state at that moment shows nothing any more. */
    @Test
    void everyPacketThatIsSentToAPeerIsCounted() {
        does(peer().line(2_000_000, 0).reporting(0, 0).show("bob", 1000), 1);
        does(peer().line(2_000_000, 0).reporting(100, 0).show("bob", 2000), 1);
        does(peer().line(2_000_000, 0).reporting(100, 0).show("bob", 3000), 2);
        assertEquals(List.of(), spans(), "not a little");
        assertEquals(100, lossDown(1));

        does(peer().line(2_000_000, 0).reporting(300, 0).show("bob", 4000), 1);
        does(peer().line(2_000_000, 0).reporting(300, 0).show("bob", 5000), 2);
        assertEquals(
                List.of(span(
                        4, 5, Kind.LOSSY, Severity.BAD, "up to 20 % of what was sent to alice got lost on the way")),
                spans());
        assertEquals(0, lossDown(5));
    }

    private int lossDown(int sample) {
        return noir.timeline("r", "alice").samples().get(sample).lossDown().orElseThrow();
    }

    @Test
    void aPictureThatStoodStillForAMomentIsTold() {
        does(peer().reporting(0, 3).show("bob", 1000), 1);
        does(peer().reporting(0, 3).show("bob", 2000), 1);
        assertEquals(List.of(), spans(), "whoever begins to see something asks for a key frame");

        does(peer().reporting(40, 4).show("bob", 3000), 1);
        assertEquals(Severity.INFO, spans().get(0).severity());
        does(peer().reporting(60, 4).show("bob", 4000), 1);
        does(peer().reporting(90, 9).show("bob", 5000), 1);
        does(peer().reporting(90, 9).show("bob", 6000), 2);

        assertEquals(
                List.of(about(
                        "bob",
                        span(
                                2,
                                5,
                                Kind.BROKEN,
                                Severity.WARNING,
                                "bob's picture stood still for moments at alice: what came could not be shown without a new"
                                        + " key frame, for up to 4 % of the packets got lost"))),
                spans());
    }

    @Test
    void whatStandsStillForLongerOrForEverybodyIsNoBreak() {
        does(peer().reporting(0, 1).show("bob", 1000), 1);
        does(peer().reporting(0, 2).show("bob", 1000), 1);
        does(peer().reporting(0, 3).waitsForKeyFrame("bob", 1010), 1);
        does(peer().reporting(0, 3).show("bob", 2000).show("carol", 0), 1);
        does(peer().reporting(0, 4).show("carol", 500), 2);
        assertEquals(List.of(), spans());
    }

    @Test
    void severalPicturesThatBreakAreOneSpan() {
        does(peer().reporting(0, 0).show("bob", 1000).show("carol", 1000), 1);
        does(peer().reporting(0, 1).show("bob", 2000).show("carol", 2000), 1);
        assertEquals(
                "2 pictures stood still for a moment at alice: what came could not be shown without a new key frame",
                spans().get(0).says());
        assertEquals(Optional.empty(), spans().get(0).of());
    }

    private Snapshots sends(long bitrate, long lost) {
        packets += 1000;
        return peer().send("alice", packets, lost, bitrate);
    }

    @Test
    void theLineOfWhoSendsMayBecomeThin() {
        for (int i = 0; i < 5; i++) {
            does(sends(1_500_000, 0), 1);
        }
        does(sends(900_000, 40), 1);
        does(sends(300_000, 40), 1);
        does(sends(200_000, 45), 1);
        does(sends(300_000, 45), 1);
        does(sends(1_200_000, 45), 2);

        assertEquals(
                List.of(span(
                        6,
                        9,
                        Kind.THIN_UP,
                        Severity.WARNING,
                        "the line of alice towards the server fell to 200 kbit/s (before: 1500 kbit/s), so that others got its"
                                + " pictures smaller or not at all")),
                spans());
    }

    @Test
    void aThinLineMayShowItselfByDelayAlone() {
        for (int i = 0; i < 4; i++) {
            does(sends(1_500_000, 0), 1);
        }
        Snapshots late = sends(600_000, 0);
        late.rtt = 350;
        does(late, 1);
        does(sends(500_000, 0), 1);
        assertEquals(Kind.THIN_UP, spans().get(0).kind());
        assertEquals(OptionalLong.empty(), spans().get(0).to());
    }

    @Test
    void whoSendsLessForAnotherReasonHasNoThinLine() {
        for (int i = 0; i < 4; i++) {
            does(sends(1_500_000, 0), 1);
        }
        for (int i = 0; i < 4; i++) {
            does(sends(300_000, 0), 1);
        }
        does(peer(), 1); // The track has ended.
        for (int i = 0; i < 3; i++) {
            does(sends(100_000, 30), 1);
        }
        assertEquals(List.of(), spans());
    }

    @Test
    void aServerOnItsWayOutIsToldOfUntilTheRoomGoes() {
        does(peer(), 1);
        noir.history.drain();
        noir.join("r", "late");
        does(peer(), 1);
        assertEquals(Kind.DRAINING, spans().get(0).kind());
        assertEquals(OptionalLong.empty(), spans().get(0).to());
        assertEquals(
                List.of(Kind.DRAINING),
                noir.timeline("r", "late").spans().stream().map(Span::kind).toList());
        noir.history.happened(new RoomMoved("r", 9));
        noir.leave("r", "alice");

        assertEquals(
                List.of(Kind.DRAINING, Kind.MOVED),
                spans().stream().map(Span::kind).toList());
        assertEquals(OptionalLong.of(2 * STEP), spans().get(0).to());
    }

    @Test
    void aLineMayBeSlow() {
        Snapshots slow = peer();
        slow.rtt = 620;
        does(slow, 3);
        assertEquals(Kind.SLOW, spans().get(0).kind());
        assertEquals(
                "a packet took up to 620 ms to alice and back", spans().get(0).says());
    }

    @Test
    void aConnectionIsLostAndComesBackOverTcp() {
        Snapshots lost = peer();
        lost.publisher = TransportState.DISCONNECTED;
        lost.subscriber = TransportState.DISCONNECTED;
        Snapshots tcp = peer();
        tcp.tcp = true;
        does(peer(), 1);
        does(lost, 2);
        assertEquals("the connection of alice was lost", spans().get(0).says());
        assertEquals(
                Optional.empty(), noir.timeline("r", "alice").samples().get(1).path());
        does(tcp, 2);
        does(peer(), 1);

        assertEquals(
                List.of(
                        span(
                                1,
                                3,
                                Kind.DISCONNECTED,
                                Severity.BAD,
                                "the connection of alice was lost for 10 s, and came back over TCP"),
                        span(
                                3,
                                5,
                                Kind.TCP,
                                Severity.WARNING,
                                "UDP between alice and the server got lost: media went over TCP")),
                spans());
    }

    @Test
    void aConnectionMayNeverComeAbout() {
        Snapshots connecting = peer();
        connecting.publisher = TransportState.CONNECTING;
        connecting.subscriber = TransportState.CONNECTING;
        does(connecting, 2);
        assertEquals(List.of(), spans(), "that takes some time");
        does(connecting, 1);
        assertEquals(
                "no connection with alice came about: its network lets neither UDP nor TCP through,"
                        + " or its page has stopped",
                spans().get(0).says());
    }

    @Test
    void aClientWithoutUdpIsToldOf() {
        Snapshots tcp = peer();
        tcp.tcp = true;
        does(tcp, 1);
        assertEquals(
                "media of alice went over TCP: no UDP got through",
                spans().get(0).says());
    }

    @Test
    void aTrackMayGoSilent() {
        does(peer().publish("alice", 100, 0), 1);
        does(peer().publish("alice", 150, 0), 3);
        assertEquals(OptionalLong.empty(), spans().get(0).to());
        does(peer().publish("alice", 200, 0), 1);

        assertEquals(
                List.of(about(
                        "alice",
                        span(
                                1,
                                4,
                                Kind.STOPPED,
                                Severity.WARNING,
                                "alice's picture stopped: nothing of it came any more, though the connection of alice"
                                        + " was up: its device was taken away or stopped, or its page did not run"))),
                spans());
    }

    @Test
    void aTrackIsNotSilentThatNobodyWantsOrHasNotBegunOrWhoseConnectionIsLost() {
        does(peer().publishUnasked("alice", 100), 5);
        does(peer().publish("alice", 0, 0), 5);
        Snapshots lost = peer().publish("alice", 120, 0);
        lost.publisher = TransportState.DISCONNECTED;
        does(lost, 5);
        does(peer(), 2);

        assertEquals(
                List.of(Kind.DISCONNECTED), spans().stream().map(Span::kind).toList());
    }

    @Test
    void viewersAreToldOfASilentTrack() {
        does(peer().show("bob", 100), 1);
        does(peer().empty("bob", 100), 2);
        assertEquals(
                "bob's picture froze for alice: bob sent nothing of it any more",
                spans().get(0).says());
        assertEquals(Optional.of("bob"), spans().get(0).of());
        does(peer(), 1); // The track is gone.
        assertEquals(OptionalLong.of(FIRST + 3 * STEP), spans().get(0).to());
    }

    @Test
    void aPictureMayWaitForAKeyFrame() {
        does(peer().show("bob", 100), 1);
        does(peer().waitsForKeyFrame("bob", 100), 2);
        assertEquals(
                "bob's picture froze for alice: bob sent no key frame, with which alone it can go on",
                spans().get(0).says());
    }

    @Test
    void aRoomThatMovesBeginsAnew() {
        Snapshots resumed = peer();
        resumed.resumed = true;
        does(resumed, 2);
        assertEquals(
                "the room came here from another server, and with it alice: what was before is not told here",
                spans().get(0).says());

        noir.history.happened(new RoomMoved("r", 7));
        noir.leave("r", "alice");
        assertEquals(
                "the room went to another server: what comes later is told there",
                spans().get(1).says());
        assertEquals(2, noir.history.departed(new RoomId("r")).get(0).spans());
        assertEquals(
                Optional.of(Severity.INFO),
                noir.history.departed(new RoomId("r")).get(0).worst());
    }

    @Test
    void whatLastsEndsWithTheStay() {
        does(peer().line(180_000, 0).paused("bob", packets), 1);
        noir.leave("r", "alice");
        assertEquals(OptionalLong.of(5000), spans().get(0).to());
        assertEquals(
                Optional.of(Severity.BAD),
                noir.history.departed(new RoomId("r")).get(0).worst());
    }

    @Test
    void onlySoManySpansAreKept() {
        for (int i = 0; i < Incidents.MAX_ENDED + 20; i++) {
            does(peer().line(180_000, 0).paused("bob", packets), 1);
            does(peer().line(900_000, 0).show("bob", ++packets), 1);
        }
        assertEquals(Incidents.MAX_ENDED, spans().size());
        assertEquals(FIRST + 40 * STEP, spans().get(0).from());
    }
}
