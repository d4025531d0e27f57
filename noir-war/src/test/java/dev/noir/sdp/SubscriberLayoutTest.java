package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Another node goes on where a session has ended: what it offers must continue what the client has (RFC 8829 §5.2.2). */
final class SubscriberLayoutTest {
    private final SubscriberSession old = Descriptions.subscriberSession();

    private static PublishedTrack audio(String stream) {
        return Descriptions.track(stream, stream + "-audio", Codec.OPUS, 111, "");
    }

    private static PublishedTrack video(String stream) {
        return Descriptions.track(stream, stream + "-video", Codec.VP8, 96, "");
    }

    private static PublishedTrack h264(String stream) {
        return Descriptions.track(
                stream, stream + "-h264", Codec.H264, 96, "profile-level-id=42e01f;packetization-mode=1");
    }

    private SubscriberOffer negotiate() {
        SubscriberOffer offer = old.offer(Descriptions.local());
        old.apply(offer, SubscriberAnswer.parse(offer, Descriptions.acceptAll(offer)));
        return offer;
    }

    private static SubscriberSession resumed(SubscriberOffer last, String answer) {
        return SubscriberSession.resumed(new java.util.Random(9), 0, SubscriberLayout.read(last.text(), answer));
    }

    private static SubscriberSession resumed(SubscriberOffer last) {
        return resumed(last, Descriptions.acceptAll(last));
    }

    private static List<String> sections(String sdp) {
        return sdp.lines()
                .filter(line -> Stream.of(
                                "m=", "a=mid", "a=msid:", "a=rtpmap", "a=fmtp", "a=ssrc", "a=sendonly", "a=inactive")
                        .anyMatch(line::startsWith))
                .toList();
    }

    private static String offered(SubscriberSession session) {
        return session.offer(Descriptions.local()).text();
    }

    @Test
    void theFirstOfferRepeatsEverySectionAsItWas() {
        old.addTrack(audio("a"));
        old.addTrack(h264("a"));
        String gone = old.addTrack(video("b"));
        negotiate();
        old.removeTrack(gone);
        SubscriberOffer last = negotiate();

        assertEquals(sections(last.text()), sections(offered(resumed(last))));
    }

    @Test
    void theOLineGoesOn() {
        SubscriberOffer last = negotiate();
        SubscriberLayout layout = SubscriberLayout.read(last.text(), "");

        assertEquals(Descriptions.local().sessionId(), layout.sessionId());
        assertEquals(last.version(), layout.version());
        assertEquals(
                last.version() + 1, resumed(last).offer(Descriptions.local()).version());
    }

    @Test
    void aReturningTrackTakesItsOldSectionUnderANewSsrc() {
        old.addTrack(video("b"));
        String mid = old.addTrack(video("a"));
        SubscriberOffer last = negotiate();
        SubscriberSession session = resumed(last);

        assertEquals(mid, session.addTrack(video("a")));
        SubscriberSection section = session.section(mid).orElseThrow();
        assertTrue(last.sections().stream().noneMatch(earlier -> earlier.ssrc() == section.ssrc()));
    }

    @Test
    void twoTracksOfEqualIdsFindTheirSections() {
        String first = old.addTrack(video("a"));
        String second = old.addTrack(video("a"));
        SubscriberSession session = resumed(negotiate());

        assertEquals(first, session.addTrack(video("a")));
        assertEquals(second, session.addTrack(video("a")));
    }

    @Test
    void aTrackOfAnotherKindUnderTheSameIdsDoesNot() {
        old.addTrack(Descriptions.track("s", "t", Codec.OPUS, 111, ""));
        SubscriberSession session = resumed(negotiate());

        assertEquals("2", session.addTrack(Descriptions.track("s", "t", Codec.VP8, 96, "")));
    }

    @Test
    void aSectionThatWaitsIsNotGivenToOthersUntilItIsReleased() {
        String mid = old.addTrack(video("a"));
        SubscriberSession session = resumed(negotiate());
        assertEquals("2", session.addTrack(video("x")));
        session.releaseHeld();
        SubscriberOffer offer = session.offer(Descriptions.local());
        session.apply(offer, SubscriberAnswer.parse(offer, Descriptions.acceptAll(offer)));

        assertEquals(mid, session.addTrack(video("y")));
        assertTrue(session.needsOffer());
    }

    @Test
    void aConfirmedInactiveSectionCanBeUsedAtOnce() {
        String mid = old.addTrack(video("a"));
        negotiate();
        old.removeTrack(mid);

        assertEquals(mid, resumed(negotiate()).addTrack(video("b")));
    }

    @Test
    void anUnconfirmedInactiveSectionMustBeConfirmedFirst() {
        String mid = old.addTrack(video("a"));
        String answer = Descriptions.acceptAll(negotiate());
        old.removeTrack(mid);
        SubscriberOffer unanswered = old.offer(Descriptions.local());

        assertEquals("2", resumed(unanswered, answer).addTrack(video("b")));
    }

    @Test
    void aSectionOfAnOfferNobodyAnsweredYetIsKept() {
        old.addTrack(video("a"));
        String answer = Descriptions.acceptAll(negotiate());
        old.addTrack(video("b"));
        SubscriberOffer unanswered = old.offer(Descriptions.local());

        assertEquals(sections(unanswered.text()), sections(offered(resumed(unanswered, answer))));
    }

    @Test
    void aRefusedSectionStaysRefusedAndComesBackUnderANewMid() {
        old.addTrack(video("a"));
        SubscriberOffer last = old.offer(Descriptions.local());
        String refusal = Descriptions.acceptAll(last).replace("m=video 9", "m=video 0");
        SubscriberSession session = resumed(last, refusal);

        assertTrue(offered(session).contains("m=video 0 "), () -> offered(session));
        assertEquals("2", session.addTrack(video("b")));
        assertEquals(2, SessionDescription.parse(offered(session)).media().size());
    }

    @Test
    void aSectionRefusedLongAgoStillIsAValidLine() {
        old.addTrack(video("a"));
        SubscriberOffer first = old.offer(Descriptions.local());
        String refusal = Descriptions.acceptAll(first).replace("m=video 9", "m=video 0");
        old.apply(first, SubscriberAnswer.parse(first, refusal));
        SubscriberOffer last = old.offer(Descriptions.local());
        SubscriberSession session = resumed(last, refusal);
        SubscriberSession again = resumed(session.offer(Descriptions.local()), refusal);

        assertTrue(offered(again).contains("m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\n"), () -> offered(again));
    }

    @Test
    void payloadTypesKeepTheirMeaning() {
        old.addTrack(video("a"));
        old.addTrack(h264("b"));
        SubscriberSession session = resumed(negotiate());
        session.addTrack(Descriptions.track("c", "vp9", Codec.VP9, 98, ""));
        String h264Mid = session.addTrack(h264("d"));

        assertEquals(98, session.section(h264Mid).orElseThrow().codecs().get(0).payloadType());
        assertEquals(100, session.section("3").orElseThrow().codecs().get(0).payloadType());
    }

    @Test
    void theClientsFragmentIsRememberedToTellItsAnswersApart() {
        SubscriberOffer last = negotiate();
        String answer = Descriptions.acceptAll(last);

        assertEquals(
                RemoteParameters.read(SessionDescription.parse(answer)).ufrag(),
                SubscriberLayout.read(last.text(), answer).answeredUfrag());
        assertEquals("", SubscriberLayout.read(last.text(), "garbage").answeredUfrag());
    }

    @Test
    void whatIsNoOfferOfOursIsRefused() {
        assertThrows(SdpException.class, () -> SubscriberLayout.read("garbage", ""));
        assertThrows(SdpException.class, () -> SubscriberLayout.read("v=0\r\no=x\r\ns=-\r\nt=0 0\r\n", ""));
    }
}
