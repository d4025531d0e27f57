package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ViewerOfferTest {
    /** What browsers offer, to receive on. */
    private static String offer(String name) {
        return Descriptions.text(name).replace("a=sendonly", "a=recvonly").replace("a=sendrecv", "a=recvonly");
    }

    /** Those of media, and not of data alone. */
    static Stream<String> offers() {
        return Descriptions.OFFERS.stream().filter(name -> SessionDescription.parse(offer(name)).media().stream()
                .anyMatch(section -> !section.media().equals("application") && section.hasAttribute("recvonly")));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void everyBrowsersIsAnsweredSectionBySection(String name) {
        SessionDescription offered = SessionDescription.parse(offer(name));
        ViewerOffer offer = ViewerOffer.read(offered);
        SessionDescription answer = SessionDescription.parse(offer.answer(Descriptions.local(), 1));
        assertEquals(
                offered.media().stream().map(MediaDescription::mid).toList(),
                answer.media().stream().map(MediaDescription::mid).toList());
        assertEquals(
                1,
                answer.media().stream()
                        .filter(section -> section.hasAttribute("candidate"))
                        .count());
        for (MediaDescription section : answer.media()) {
            boolean accepted =
                    offer.sections().stream().anyMatch(one -> one.mid().equals(section.mid()));
            assertEquals(accepted, section.port() != 0);
            assertEquals(accepted, section.hasAttribute("sendonly"));
            assertFalse(section.hasAttribute("ssrc"));
        }
        assertEquals(offer.sections().stream().map(ViewerSection::mid).toList(), answer.bundle());
    }

    @Test
    void aTrackComesAsTheClientNumbersIt() {
        ViewerSection video = section(MediaKind.VIDEO, offer("chromium-all-codecs-offer"));
        CodecParameters h264 = video.codecs().stream()
                .filter(codec -> codec.codec() == Codec.H264)
                .findFirst()
                .orElseThrow();
        Optional<SubscriberAnswer.Section> taken =
                video.take(Descriptions.track("s", "t", Codec.H264, 33, h264.fmtp()), 7, 8);
        assertEquals(33, taken.orElseThrow().payloads().get(0).sourcePayloadType());
        assertEquals(h264.payloadType(), taken.get().payloads().get(0).payloadType());
        assertEquals(8, taken.get().rtxSsrc());
        assertTrue(taken.get().extensions().mid() != 0);
    }

    private static ViewerSection section(MediaKind kind, String offer) {
        return ViewerOffer.read(SessionDescription.parse(offer)).sections().stream()
                .filter(section -> section.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheClientDecodesNotIsNotTaken() {
        ViewerSection video =
                section(MediaKind.VIDEO, offer("chromium-vp8-basic-offer").replace("AV1/90000", "AV2/90000"));
        assertEquals(Optional.empty(), video.take(Descriptions.track("s", "t", Codec.AV1, 45, ""), 7, 8));
        assertEquals(Optional.empty(), video.take(Descriptions.track("s", "t", Codec.OPUS, 111, ""), 7, 8));
    }

    @Test
    void everyDecoderTakesConstrainedBaseline() {
        String only =
                offer("chromium-h264-offer").replaceAll("profile-level-id=[0-9a-f]{6}", "profile-level-id=64001f");
        ViewerSection video = section(MediaKind.VIDEO, only);
        String baseline = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
        String main = baseline.replace("42e01f", "4d001f");
        assertTrue(video.take(Descriptions.track("s", "t", Codec.H264, 33, baseline), 7, 8)
                .isPresent());
        assertEquals(Optional.empty(), video.take(Descriptions.track("s", "t", Codec.H264, 33, main), 7, 8));
    }

    @Test
    void whatCannotBeIsRefused() {
        String good = offer("chromium-vp8-basic-offer");
        for (String bad : List.of(
                good.replace("a=recvonly", "a=sendonly"),
                good.replace("a=setup:actpass", "a=setup:holdconn"),
                good.replaceFirst("a=group:BUNDLE.*\r\n", ""),
                good.replace("a=rtcp-mux\r\n", ""))) {
            SessionDescription parsed = SessionDescription.parse(bad);
            assertThrows(SdpException.class, () -> ViewerOffer.read(parsed));
        }
    }

    @Test
    void theServerTakesTheRoleThatIsLeft() {
        String good = offer("chromium-vp8-basic-offer");
        assertTrue(answered(good).contains("a=setup:passive"));
        assertTrue(answered(good.replace("a=setup:actpass", "a=setup:active")).contains("a=setup:passive"));
        assertTrue(answered(good.replace("a=setup:actpass", "a=setup:passive")).contains("a=setup:active"));
    }

    private static String answered(String offer) {
        return ViewerOffer.read(SessionDescription.parse(offer)).answer(Descriptions.local(), 1);
    }
}
