package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.restreaming.Fakes.FakeTrack;
import dev.noir.room.PeerName;
import dev.noir.room.TrackWatch.WatchedTrack;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ChoiceTest {
    private static final List<WatchedTrack> ALL = List.of(
            FakeTrack.audio("carl"),
            FakeTrack.audio("anna"),
            FakeTrack.video("anna"),
            FakeTrack.screen("anna"),
            FakeTrack.screen("bert"),
            FakeTrack.video("bert"));

    private static String of(String peer, boolean screen) {
        Optional<PeerName> asked = peer.isEmpty() ? Optional.empty() : Optional.of(new PeerName(peer));
        return new Choice(asked, screen).of(ALL).toString();
    }

    @Test
    void theFirstWhoShowsSomethingUnlessSomebodyElseIsAskedFor() {
        assertEquals("[anna-video, anna-audio]", of("", false));
        assertEquals("[bert-video]", of("bert", false));
        assertEquals("[]", of("nobody", false));
    }

    @Test
    void aScreenComesWithTheSoundOfItsOwner() {
        assertEquals("[anna-screen, anna-audio]", of("", true));
        assertEquals("[bert-screen]", of("bert", true));
        assertEquals("[]", of("carl", true));
    }

    @Test
    void soundAloneIsSentOfWhomSomebodyAsksFor() {
        assertEquals("[carl-audio]", of("carl", false));
    }
}
