package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeMediaPlane.FakeDownTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.Subscribe;
import dev.noir.room.ModerationCommand.Subscribe.Choice;
import dev.noir.room.Notification.TracksChanged;
import dev.noir.room.Notification.TracksChanged.TrackInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers that choose what they are offered, and hear what there is. */
final class SubscriptionTest {
    private static final JoinConfig CHOOSES = new JoinConfig(false, false, true).withTrackEvents();
    private static final TrackInfo AUDIO = new TrackInfo("track-1", "s", Medium.AUDIO, false, List.of());
    private static final TrackInfo VIDEO = new TrackInfo("track-2", "s", Medium.VIDEO, false, List.of("low", "high"));

    private final RoomFixture noir = new RoomFixture();
    private final FakeClient publisher = noir.settled("r", "a");

    private FakeClient join(JoinConfig config) {
        FakeClient client = noir.client().join("r", "b", TestSdp.dataOnly(), config);
        client.answerLast();
        return client;
    }

    private void publish() {
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "simulcast-video"));
    }

    private static void choose(FakeClient client, Choice... choices) {
        assertEquals(null, client.moderate(new Subscribe(List.of(choices))));
        if (client.answers.size() < client.offers.size()) {
            client.answerLast();
        }
    }

    private List<String> taken() {
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        List<String> settings = new ArrayList<>();
        for (FakeDownTrack downTrack : receiving.downTracks) {
            if (!downTrack.removed) {
                settings.add(downTrack.setting);
            }
        }
        return settings;
    }

    private static List<Notification> tracks(FakeClient client) {
        return client.told.stream().filter(TracksChanged.class::isInstance).toList();
    }

    @Test
    void nothingIsOfferedBeforeItIsChosen() {
        FakeClient client = join(CHOOSES);
        publish();
        assertEquals(1, client.offers.size());

        choose(client, new Choice("track-2", true, false, "low"));

        assertEquals(2, TestSdp.values(client.lastOffer(), "m").size());
        assertEquals(List.of("0/2"), taken());
        assertEquals(List.of(new ModerationResult.Done()), client.results);
    }

    @Test
    void aChoiceHoldsForATrackThatComesLater() {
        FakeClient client = join(CHOOSES);
        choose(client, new Choice("track-1", true, true, ""));
        publish();
        client.answerLast();

        assertEquals(List.of("muted 2/2"), taken());
    }

    @Test
    void whatIsChosenCanBeChangedAndGivenUp() {
        FakeClient client = join(CHOOSES);
        publish();
        choose(client, new Choice("track-2", true, false, "low"));
        choose(client, new Choice("track-2", true, true, "high"));
        assertEquals(List.of("muted 1/2"), taken());
        assertEquals(2, client.offers.size(), "that needs none");

        choose(client, new Choice("track-2", false, false, ""));
        assertEquals(List.of(), taken());
        assertEquals(1, TestSdp.values(client.lastOffer(), "inactive").size());

        choose(client, new Choice("track-2", true, false, "no such layer"));
        assertEquals(List.of("2/2"), taken());
    }

    @Test
    void whoGetsEverythingMayGiveSomethingUp() {
        publish();
        FakeClient client = join(JoinConfig.NONE);
        assertEquals(2, taken().size());

        choose(client, new Choice("track-1", false, false, ""));

        assertEquals(1, taken().size());
        assertEquals(List.of(), tracks(client), "and hears of no tracks");
    }

    @Test
    void whoSubscribesToNothingGetsNothing() {
        FakeClient client = join(new JoinConfig(false, true, false));
        publish();
        choose(client, new Choice("track-1", true, false, ""));
        assertEquals(1, client.offers.size());
    }

    @Test
    void tracksAreToldAsTheyComeAndGo() {
        FakeClient early = join(CHOOSES);
        publish();
        TracksChanged added = new TracksChanged(true, new PeerName("a"), List.of(AUDIO, VIDEO));
        assertEquals(List.of(added), tracks(early));

        FakeClient late = noir.client().join("r", "c", TestSdp.dataOnly(), CHOOSES);
        assertEquals(List.of(added), tracks(late));

        publisher.offer(TestSdp.offer("abcd", "s", "audio", "inactive-video"));
        TracksChanged removed = new TracksChanged(false, new PeerName("a"), List.of(VIDEO));
        assertEquals(List.of(added, removed), tracks(early));

        publisher.leave();
        assertEquals(
                new TracksChanged(false, new PeerName("a"), List.of(AUDIO)),
                tracks(late).get(2));
    }

    @Test
    void thereIsAnEndToWhatOneMayChoose() {
        FakeClient client = join(CHOOSES);
        Choice choice = new Choice("track-1", true, false, "");
        RoomException.Code code = client.moderate(new Subscribe(Collections.nCopies(3000, choice)));
        assertEquals(RoomException.Code.TOO_MANY, code);
    }
}
