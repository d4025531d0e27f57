package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.sdp.SubscriberAnswer.State;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriberAnswerTest {
    private SubscriberOffer offer;

    /** The offer that the recorded answers belong to. */
    @BeforeEach
    void makeOffer() {
        SubscriberSession session = Descriptions.subscriberSession();
        String h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f";
        session.addTrack(Descriptions.track("{s1}", "{s1}-audio", Codec.OPUS, 109, ""));
        session.addTrack(Descriptions.track("{s1}", "{s1}-video", Codec.VP8, 120, "max-fs=1"));
        session.addTrack(Descriptions.track("s2", "s2-video", Codec.H264, 102, h264));
        session.addTrack(Descriptions.track("s3", "s3-video", Codec.VP9, 98, "profile-id=0"));
        session.addTrack(Descriptions.track("s4", "s4-video", Codec.AV1, 45, "level-idx=5;profile=0;tier=0"));
        session.addTrack(
                Descriptions.track("s5", "s5-video", Codec.H264, 102, "packetization-mode=1;profile-level-id=42e034"));
        session.addTrack(
                Descriptions.track("s6", "s6-video", Codec.H264, 102, "packetization-mode=0;profile-level-id=64001f"));
        session.addTrack(Descriptions.track("s7", "s7-video", Codec.VP9, 98, "profile-id=3"));
        offer = session.offer(Descriptions.local());
    }

    private SubscriberAnswer parse(String text) {
        return SubscriberAnswer.parse(offer, text);
    }

    @Test
    void understandsChromium() {
        SubscriberAnswer answer = parse(Descriptions.text("chromium-subscriber-answer"));

        assertTrue(answer.hasDataChannel());
        assertEquals(State.ACCEPTED, answer.section("3").orElseThrow().state(), "H264");
        assertEquals(State.REJECTED, answer.section("7").orElseThrow().state(), "H264 high in mode 0");
        SubscriberAnswer.Section av1 = answer.section("5").orElseThrow();
        assertEquals(List.of(new PayloadMapping(45, 103, 104)), av1.payloads());
        assertEquals(new ExtensionIds(1, 0, 0, 0, 0, 2, 4, 5, 0, 0, 0), av1.extensions());
        assertEquals(offer.sections().get(4).ssrc(), av1.ssrc());
        assertEquals(offer.sections().get(4).rtxSsrc(), av1.rtxSsrc());
        SubscriberAnswer.Section audio = answer.section("1").orElseThrow();
        assertEquals(List.of(new PayloadMapping(109, 96, PayloadMapping.NO_RTX)), audio.payloads());
        assertEquals("{s1}", audio.cname());
        assertEquals(0, audio.rtxSsrc());
    }

    @Test
    void numbersPacketsOnlyForThoseWhoReportThem() {
        String numbers = "a=extmap:6 " + HeaderExtension.TRANSPORT_SEQUENCE.uri() + "\r\n";
        String reports = "a=rtcp-fb:103 transport-cc\r\n";

        assertEquals(6, transportSequence(numbers + reports));
        assertEquals(0, transportSequence(numbers));
        assertEquals(0, transportSequence(reports));
        assertEquals(0, transportSequence(numbers.replace(":6 ", ":7 ") + reports));
    }

    @Test
    void takesTimesAndDelaysFromTheAnswer() {
        String offered = offer.text();
        for (HeaderExtension extension : List.of(HeaderExtension.CAPTURE_TIME, HeaderExtension.PLAYOUT_DELAY)) {
            assertTrue(offered.contains("a=extmap:" + extension.subscriberId() + " " + extension.uri() + "\r\n"));
        }
        assertFalse(offered.contains(HeaderExtension.LAYERS_ALLOCATION.uri()), "what publishers tell us alone");
        ExtensionIds taken = extensions("a=extmap:9 " + HeaderExtension.CAPTURE_TIME.uri() + "\r\na=extmap:10 "
                + HeaderExtension.PLAYOUT_DELAY.uri() + "\r\na=extmap:11 " + HeaderExtension.LAYERS_ALLOCATION.uri()
                + "\r\n");
        assertEquals(List.of(9, 10, 0), List.of(taken.captureTime(), taken.playoutDelay(), taken.layersAllocation()));
    }

    private int transportSequence(String lines) {
        return extensions(lines).transportSequence();
    }

    private ExtensionIds extensions(String lines) {
        String answer = Descriptions.text("chromium-subscriber-answer");
        String mid = "a=mid:5\r\n";
        assertTrue(answer.contains(mid));
        return parse(answer.replace(mid, mid + lines))
                .section("5")
                .orElseThrow()
                .extensions();
    }

    @Test
    void understandsFirefox() {
        SubscriberAnswer answer = parse(Descriptions.text("firefox-subscriber-answer"));

        assertEquals("c996166a", answer.remote().ufrag());
        assertEquals(
                List.of(
                        State.ACCEPTED,
                        State.ACCEPTED,
                        State.REJECTED,
                        State.ACCEPTED,
                        State.ACCEPTED,
                        State.REJECTED,
                        State.REJECTED,
                        State.ACCEPTED),
                answer.sections().stream().map(SubscriberAnswer.Section::state).toList());
        assertEquals(
                new ExtensionIds(1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0),
                answer.section("1").orElseThrow().extensions());
    }

    @Test
    void usesNoRtxWhereTheClientHasNone() {
        String text = Descriptions.acceptAll(offer).replace("a=fmtp:98 apt=97", "a=fmtp:98 apt=33");
        SubscriberAnswer.Section video = parse(text).section("2").orElseThrow();

        assertEquals(List.of(new PayloadMapping(120, 97, PayloadMapping.NO_RTX)), video.payloads());
        assertEquals(0, video.rtxSsrc());
    }

    @Test
    void takesEitherDtlsRole() {
        String active = Descriptions.acceptAll(offer);

        assertFalse(parse(active).remote().passive());
        assertTrue(parse(active.replace("a=setup:active", "a=setup:passive"))
                .remote()
                .passive());
    }

    @Test
    void refusesTwoRolesOnOneTransport() {
        String mixed = Descriptions.acceptAll(offer).replaceFirst("a=setup:active", "a=setup:passive");

        assertTrue(assertThrows(SdpException.class, () -> parse(mixed))
                .getMessage()
                .contains("setup"));
    }

    @Test
    void reportsWhatTheClientDoesNotWant() {
        String text = Descriptions.acceptAll(offer).replace("a=recvonly", "a=inactive");

        assertTrue(parse(text).sections().stream().allMatch(section -> section.state() == State.INACTIVE));
    }

    @Test
    void ignoresPayloadTypesWeDidNotOfferAndRenamedOnes() {
        String text = Descriptions.acceptAll(offer)
                .replace("a=rtpmap:97 VP8/90000", "a=rtpmap:97 VP9/90000")
                .replace("m=audio 9 UDP/TLS/RTP/SAVPF 96", "m=audio 9 UDP/TLS/RTP/SAVPF 0 96");
        SubscriberAnswer answer = parse(text);

        assertEquals(State.INACTIVE, answer.section("2").orElseThrow().state());
        assertEquals(1, answer.section("1").orElseThrow().payloads().size());
    }

    @ParameterizedTest
    @CsvSource({
        "a=setup:active, a=setup:actpass, setup",
        "a=setup:active, a=x-setup:active, setup",
        "a=fingerprint:sha-256, a=fingerprint:sha-512, sha-256",
        "a=mid:3, a=mid:33, a=mid:3",
        "BUNDLE 0 1, BUNDLE 0, does not bundle",
        "m=audio, m=video, m-line 1",
        "m=application 9 UDP/DTLS/SCTP, m=audio 9 UDP/DTLS/SCTP, m-line 0"
    })
    void saysWhatIsWrong(String from, String to, String expected) {
        String text = Descriptions.acceptAll(offer).replace(from, to);
        String message = assertThrows(SdpException.class, () -> parse(text)).getMessage();

        assertTrue(message.contains(expected), message);
    }

    @Test
    void refusesTheAnswerToAnotherOffer() {
        String message = assertThrows(SdpException.class, () -> parse(Descriptions.text("chromium-vp8-basic-answer")))
                .getMessage();

        assertEquals("the answer has 3 m-lines, the offer had 9", message);
    }

    @Test
    void refusesAnAnswerThatAcceptsNothing() {
        assertThrows(
                SdpException.class, () -> parse(Descriptions.acceptAll(offer).replaceAll("m=(\\w+) 9", "m=$1 0")));
    }
}
