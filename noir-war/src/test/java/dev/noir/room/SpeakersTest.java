package dev.noir.room;

import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Entrance;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.TakenName;
import dev.noir.room.FakeMediaPlane.FakeTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Everybody is told who speaks, under ids that he knows, and only when it changes. */
final class SpeakersTest {
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);

    private final RoomFixture noir = new RoomFixture(
            RoomFixture.OPTIONS.withMaxPeers(5),
            (caller, room, facts, passes) ->
                    new Entrance.Granted(caller.principal().equals("eva") ? MODERATES : Grants.MEMBER, facts.lobby()),
            TakenName.REPLACE);

    /** A client with what it gets on the API channel. */
    private final class Listener {
        final FakeClient client;
        final FakeTransport publishing;
        private final FakeTransport subscribing;
        private int heard;

        Listener(FakeClient client) {
            this.client = client;
            client.answerLast();
            publishing = noir.last(TransportRole.PUBLISHER);
            subscribing = noir.last(TransportRole.SUBSCRIBER);
            publishing.tell(TransportState.CONNECTED, MediaEnd.NONE);
            subscribing.tell(TransportState.CONNECTED, MediaEnd.NONE);
        }

        /** Since the last call. */
        List<String> hears() {
            List<String> all = subscribing.channel(UserChannels.API_LABEL).sent;
            List<String> news = new ArrayList<>(all.subList(heard, all.size()));
            heard = all.size();
            return news;
        }

        FakeTrack track(int index) {
            return publishing.openTracks().get(index);
        }
    }

    private Listener join(String name, String stream, String... sections) {
        return new Listener(noir.join("r", name, TestSdp.offer("abcd", stream, sections)));
    }

    private void tell(FakeTrack... tracks) {
        noir.media.onlyRoom().tellSpeakers(tracks);
    }

    @Test
    void everybodyIsToldTheSpeakerIncluded() {
        Listener ann = join("ann", "a", "audio", "video");
        Listener bob = join("bob", "b", "audio");
        Listener cid = join("cid", "c");
        tell(bob.track(0), ann.track(0));
        for (Listener each : List.of(ann, bob, cid)) {
            assertEquals(List.of("speakers [b, a]"), each.hears());
        }
        tell(bob.track(0), ann.track(0));
        assertEquals(List.of(), cid.hears(), "nothing has changed");
        tell();
        for (Listener each : List.of(ann, bob, cid)) {
            assertEquals(List.of("speakers []"), each.hears());
        }
    }

    @Test
    void tracksOfAStreamAreOneAndStreamsOfAPeerAreTwo() {
        Listener ann = join("ann", "a", "audio", "video", "audio");
        assertEquals(ann.track(0).stream, ann.track(1).stream);
        assertEquals(ann.track(0).stream, ann.track(2).stream);
        Listener bob = join("bob", "b", "audio");
        assertNotEquals(ann.track(0).stream, bob.track(0).stream);
        assertNotEquals(0, ann.track(0).stream);
    }

    @Test
    void whoTakesAnotherOnesIdIsNamedByOursAndHimselfByHisOwn() {
        Listener ann = join("ann", "s", "audio");
        Listener eve = join("eve", "s", "audio");
        tell(eve.track(0));
        assertEquals(List.of("speakers [s]"), eve.hears());
        String others = ann.hears().get(0);
        assertTrue(others.matches("speakers \\[noir-[0-9a-f]{32}]"), others);
        tell(ann.track(0), eve.track(0));
        assertEquals(List.of("speakers [s, s]"), eve.hears());
    }

    @Test
    void whoComesLaterIsToldAtOnceUnlessNobodySpeaks() {
        Listener ann = join("ann", "a", "audio");
        assertEquals(List.of(), join("early", "e").hears());
        tell(ann.track(0));
        assertEquals(List.of("speakers [a]"), join("late", "l").hears());
    }

    @Test
    void whoReturnsToAnotherHostIsToldThatNobodySpeaksHereYet() {
        Listener bob = join("bob", "b");
        RoomFixture next = noir.afterItsDeath();
        next.client().resume("r", "bob", bob.client.lastOffer(), TestSdp.answer(bob.client.lastOffer()));
        assertEquals(List.of("speakers []"), next.last(TransportRole.SUBSCRIBER).channel(UserChannels.API_LABEL).sent);
    }

    @Test
    void whatComesTooLateDoesNotCount() {
        Listener ann = join("ann", "a", "audio");
        Listener bob = join("bob", "b");
        FakeTrack gone = ann.track(0);
        ann.client.leave();
        tell(gone);
        assertEquals(List.of(), bob.hears());
    }

    @Test
    void whoIsSilencedByAModeratorDoesNotCount() {
        Listener eva = new Listener(noir.client().join(request("eva", EVA)));
        Listener ann = join("ann", "a", "audio");
        assertNull(eva.client.moderate(new Squelch(true, name("ann"), Optional.of(Medium.AUDIO), Optional.empty())));
        tell(ann.track(0));
        assertEquals(List.of(), eva.hears());
        assertNull(eva.client.moderate(new Squelch(false, name("ann"), Optional.of(Medium.AUDIO), Optional.empty())));
        assertEquals(List.of("speakers [a]"), eva.hears(), "the plane has seen nothing of it");
        assertNull(eva.client.moderate(new Squelch(true, name("ann"), Optional.of(Medium.AUDIO), Optional.empty())));
        assertEquals(List.of("speakers []"), eva.hears());
    }

    @Test
    void whoLeavesSpeaksNoMore() {
        Listener ann = join("ann", "a", "audio");
        Listener bob = join("bob", "b", "audio");
        tell(ann.track(0), bob.track(0));
        bob.hears();
        ann.client.leave();
        assertEquals(List.of("speakers [b]"), bob.hears());
    }

    @Test
    void whoMayNotListenIsNotTold() {
        Listener eva = new Listener(noir.client().join(request("eva", EVA)));
        Listener ann = join("ann", "a", "audio");
        Listener bob = join("bob", "b");
        Grants deaf = Grants.of(Set.of(Grant.JOIN));
        assertNull(eva.client.moderate(new SetGrants(name("bob"), deaf)));
        bob.hears();
        tell(ann.track(0));
        assertEquals(List.of(), bob.hears());
        assertNull(eva.client.moderate(new SetGrants(name("bob"), Grants.MEMBER)));
        assertEquals(List.of("speakers [a]"), bob.hears());
    }

    @Test
    void whatABusyLoopDoesNotTakeIsSaidLater() {
        Listener ann = join("ann", "a", "audio");
        Listener bob = join("bob", "b");
        noir.media.onlyRoom().busy = true;
        tell(ann.track(0));
        assertEquals(List.of(), bob.hears());
        noir.media.onlyRoom().busy = false;
        noir.scheduler.advance(Duration.ofSeconds(1));
        assertEquals(List.of("speakers [a]"), bob.hears());
        noir.scheduler.advance(Duration.ofSeconds(5));
        assertEquals(List.of(), bob.hears());
    }
}
