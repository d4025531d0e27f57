package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class PublisherAnswerTest {
    private static MediaDescription section(PublisherAnswer answer, int index) {
        return SessionDescription.parse(answer.text()).media().get(index);
    }

    @ParameterizedTest
    @FieldSource("dev.noir.sdp.Descriptions#OFFERS")
    void answersEveryRecordedOffer(String name) {
        SessionDescription offer = Descriptions.parsed(name);
        PublisherAnswer answer = Descriptions.answer(name);
        SessionDescription printed = SessionDescription.parse(answer.text());

        assertEquals(answer.text(), printed.print());
        assertEquals(offer.media().size(), printed.media().size());
        assertTrue(printed.attribute("ice-lite").isPresent());
        assertTrue(answer.hasDataChannel());
        for (int i = 0; i < printed.media().size(); i++) {
            MediaDescription section = printed.media().get(i);
            assertEquals(offer.media().get(i).media(), section.media());
            assertEquals(offer.media().get(i).mid(), section.mid());
            assertEquals("passive", section.attribute("setup").orElseThrow());
            assertEquals("noirufrg", section.attribute("ice-ufrag").orElseThrow());
            assertTrue(printed.bundle().contains(section.mid()));
            assertEquals(i == 0, section.hasAttribute("end-of-candidates"));
        }
    }

    @Test
    void describesAnOrdinaryPublisher() {
        PublisherAnswer answer = Descriptions.answer("chromium-vp8-basic-offer");

        assertEquals(2, answer.tracks().size());
        PublishedTrack audio = answer.tracks().get(0);
        PublishedTrack video = answer.tracks().get(1);
        assertEquals(audio.streamId(), video.streamId());
        assertEquals(List.of(new CodecParameters(111, Codec.OPUS, "minptime=10;useinbandfec=1")), audio.codecs());
        assertEquals(List.of(new CodecParameters(96, Codec.VP8, "")), video.codecs());
        assertEquals(new ExtensionIds(4, 0, 0, 1, 3, 2, 0, 0, 0, 0, 0), audio.extensions());
        assertEquals(new ExtensionIds(4, 10, 0, 0, 3, 2, 13, 0, 0, 5, 0), video.extensions());
        assertEquals(List.of(new ExtensionIds(4, 10, 0, 1, 3, 2, 13, 0, 0, 5, 0)), answer.extensions());
        assertTrue(video.sending() && video.nack() && video.pli() && video.transportCc());
        assertTrue(audio.transportCc());
        assertFalse(audio.nack());
        assertEquals(1, video.encodings().size());
        assertTrue(video.encodings().get(0).ssrc() > 0);
    }

    // A client that waits for whole descriptions finds all candidates here; 4 KB is what the smallest of them read.
    @ParameterizedTest
    @FieldSource("dev.noir.sdp.Descriptions#OFFERS")
    void offersUdpBeforeTcpInAnAnswerThatIsShort(String name) {
        PublisherAnswer answer = Descriptions.answer(name);

        assertEquals(
                Descriptions.local().candidates().stream()
                        .map(IceCandidate::print)
                        .toList(),
                answer.text()
                        .lines()
                        .filter(line -> line.startsWith("a=candidate:"))
                        .map(line -> line.substring("a=".length()))
                        .toList());
        assertTrue(
                answer.text().length() < 4096, () -> name + ": " + answer.text().length());
    }

    @Test
    void inABriefAnswerOfEachCodecOneFormIsTaken() {
        SessionDescription offer = Descriptions.parsed("chromium-all-codecs-offer");
        PublisherAnswer whole =
                PublisherOffer.read(offer, null, SectionFilter.ALL, false).answer(Descriptions.local());
        PublisherAnswer brief =
                PublisherOffer.read(offer, null, SectionFilter.ALL, true).answer(Descriptions.local());

        List<Codec> codecs = brief.tracks().get(1).codecs().stream()
                .map(CodecParameters::codec)
                .toList();
        assertEquals(List.of(Codec.VP8, Codec.H264, Codec.AV1, Codec.VP9), codecs);
        assertEquals(
                whole.tracks().get(1).codecs().get(1),
                brief.tracks().get(1).codecs().get(1));
        assertEquals(whole.tracks().get(0).codecs(), brief.tracks().get(0).codecs());
        assertTrue(
                brief.text().length() < whole.text().length() - 900,
                () -> "" + brief.text().length());
    }

    @Test
    void printsOneSectionExactly() {
        MediaDescription video = section(Descriptions.answer("chromium-simulcast-twccfix-offer"), 2);
        StringBuilder text = new StringBuilder();
        video.print(text);

        assertEquals(
                """
                m=video 9 UDP/TLS/RTP/SAVPF 96
                c=IN IP4 0.0.0.0
                a=mid:2
                a=ice-ufrag:noirufrg
                a=ice-pwd:noirpasswordnoirpassword
                a=ice-options:trickle
                a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:\
                00:00:00:00
                a=setup:passive
                a=recvonly
                a=rtcp-mux
                a=rtcp-rsize
                a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
                a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
                a=extmap:13 urn:3gpp:video-orientation
                a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
                a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
                a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
                a=extmap:9 http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00
                a=rtpmap:96 VP8/90000
                a=rtcp-fb:96 transport-cc
                a=rtcp-fb:96 ccm fir
                a=rtcp-fb:96 nack
                a=rtcp-fb:96 nack pli
                a=rid:f recv
                a=rid:h recv
                a=rid:q recv
                a=simulcast:recv f;h;q
                """
                        .replace("\n", "\r\n"),
                text.toString());
    }

    @Test
    void learnsWhoKnowsFirAlone() {
        PublishedTrack usual =
                Descriptions.answer("chromium-simulcast-twccfix-offer").tracks().get(1);
        assertTrue(usual.pli() && usual.fir());
        String offer =
                Descriptions.text("chromium-simulcast-twccfix-offer").replaceAll("a=rtcp-fb:\\d+ nack pli\r\n", "");
        PublisherAnswer answer = PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);

        PublishedTrack old = answer.tracks().get(1);
        assertTrue(old.fir());
        assertFalse(old.pli());
        assertTrue(answer.text().contains("a=rtcp-fb:96 ccm fir\r\n"));
        assertFalse(answer.text().contains("nack pli"));
    }

    @ParameterizedTest
    @CsvSource({"chromium-simulcast-twccfix-offer", "firefox-simulcast-offer"})
    void ordersSimulcastFromLowToHighAndLearnsSsrcs(String name) {
        PublishedTrack video = Descriptions.answer(name).tracks().get(1);

        assertEquals(List.of(new Encoding("q", 0), new Encoding("h", 0), new Encoding("f", 0)), video.encodings());
        assertTrue(video.extensions().rid() > 0 && video.extensions().mid() > 0);
    }

    @Test
    void takesRidsOfAnyNameInTheirOrderUpToFour() {
        String offer = Descriptions.text("chromium-simulcast-twccfix-offer")
                .replace(
                        "a=rid:f send",
                        "a=rid:a send\r\na=rid:b send\r\na=rid:f send;max-width=1\r\na=rid:f send pt=96")
                .replace("a=simulcast:send f;h;q", "a=simulcast:send a,x;~b;undeclared;a;f;h;q");
        PublisherAnswer answer = PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);

        assertEquals(
                List.of("a", "b", "f", "h"),
                answer.tracks().get(1).encodings().stream().map(Encoding::rid).toList());
        assertTrue(answer.text().contains("a=simulcast:recv a;b;f;h\r\n"));
    }

    @Test
    void treatsSimulcastWithoutRidExtensionAsOneEncoding() {
        String offer = Descriptions.text("chromium-simulcast-twccfix-offer").replace("sdes:rtp-stream-id", "gone");
        PublisherAnswer answer = PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);

        assertEquals(List.of(new Encoding("", 0)), answer.tracks().get(1).encodings());
        assertFalse(answer.text().contains("a=simulcast"));
    }

    @Test
    void understandsFirefox() {
        PublisherAnswer answer = Descriptions.answer("firefox-simulcast-offer");
        PublishedTrack audio = answer.tracks().get(0);

        assertEquals("{b56d7c4b-cc0a-434c-ab4a-e0287026978c}", audio.streamId());
        assertEquals("{e11a315a-6ef0-4b45-9f90-a6f7c37f64a6}", audio.trackId());
        assertEquals(376447192L, audio.encodings().get(0).ssrc());
        MediaDescription video = section(answer, 2);
        assertTrue(video.attributes("extmap").contains("9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"));
        assertTrue(video.attributes("rtcp-fb").stream().allMatch(value -> value.startsWith("120 ")));
        assertEquals(List.of("120 max-fs=12288;max-fr=60"), video.attributes("fmtp"));
        assertTrue(video.hasAttribute("extmap-allow-mixed"));
        assertFalse(section(answer, 1).hasAttribute("rtcp-rsize"));
    }

    @Test
    void takesTheMediaSsrcOfFirefoxsNeedlessPair() {
        PublishedTrack video =
                Descriptions.answer("firefox-to-chromium-offer").tracks().get(1);
        String group = Descriptions.parsed("firefox-to-chromium-offer")
                .media()
                .get(2)
                .attribute("ssrc-group")
                .orElseThrow();

        assertEquals(group, "FID " + video.encodings().get(0).ssrc() + group.substring(group.lastIndexOf(' ')));
    }

    @Test
    void acceptsAllFiveCodecsAndRtxOfThemButNoOtherRepairFormats() {
        List<Codec> video = Descriptions.answer("chromium-all-codecs-offer").tracks().get(1).codecs().stream()
                .map(CodecParameters::codec)
                .distinct()
                .toList();

        assertTrue(video.containsAll(List.of(Codec.VP8, Codec.VP9, Codec.H264, Codec.AV1)));
        String text = Descriptions.answer("chromium-all-codecs-offer").text();
        assertFalse(text.contains("red/90000") || text.contains("ulpfec") || text.contains("G722"));
        assertFalse(text.contains("goog-remb"));
    }

    @ParameterizedTest
    @CsvSource({
        "chromium-h264-offer, H264, 102, level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
        "chromium-vp9-offer, VP9, 98, profile-id=0",
        "chromium-av1-offer, AV1, 45, level-idx=5;profile=0;tier=0"
    })
    void echoesTheClientsPayloadTypeAndParameters(String name, Codec codec, int payloadType, String fmtp) {
        PublisherAnswer answer = Descriptions.answer(name);

        assertEquals(
                List.of(new CodecParameters(payloadType, codec, fmtp)),
                answer.tracks().get(1).codecs());
        assertTrue(answer.text().contains("a=fmtp:" + payloadType + " " + fmtp + "\r\n"));
    }

    @Test
    void negotiatesTheDependencyDescriptorForAv1Only() {
        String uri = HeaderExtension.DEPENDENCY_DESCRIPTOR.uri();

        assertFalse(
                Descriptions.answer("chromium-simulcast-twccfix-offer").text().contains(uri));
        assertTrue(Descriptions.answer("chromium-av1-simulcast-offer")
                        .extensions()
                        .get(0)
                        .dependencyDescriptor()
                > 0);
    }

    @Test
    void takesWhatIsSaidOfTimesAndLayers() {
        String capture = HeaderExtension.CAPTURE_TIME.uri();
        String audioMid = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
        String offer = Descriptions.text("chromium-simulcast-twccfix-offer")
                .replace(audioMid, audioMid + "a=extmap:15 reserved\r\na=extmap:16 " + capture + "\r\n");
        PublisherAnswer answer = PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);

        ExtensionIds audio = answer.tracks().get(0).extensions();
        ExtensionIds video = answer.tracks().get(1).extensions();
        assertEquals(List.of(16, 0, 0), List.of(audio.captureTime(), audio.playoutDelay(), audio.layersAllocation()));
        assertEquals(List.of(16, 5, 9), List.of(video.captureTime(), video.playoutDelay(), video.layersAllocation()));
        assertTrue(answer.text().contains("a=extmap:16 " + capture + "\r\n"));
        assertTrue(answer.text().contains("a=extmap:9 " + HeaderExtension.LAYERS_ALLOCATION.uri() + "\r\n"));
    }

    @Test
    void followsAConnectionThroughItsRenegotiations() {
        List<PublisherAnswer> answers = new ArrayList<>();
        PublisherAnswer last = null;
        for (int i = 0; i < 5; i++) {
            last = PublisherAnswer.create(
                    Descriptions.parsed("chromium-vp8-full-offer-" + i), Descriptions.local(), last);
            answers.add(last);
        }

        assertEquals(
                List.of(1L, 2L, 3L, 4L, 5L),
                answers.stream().map(PublisherAnswer::version).toList());
        assertTrue(answers.stream().allMatch(answer -> answer.text().contains("o=- 4711 " + answer.version() + " ")));
        assertEquals(
                List.of(false, false, true, true),
                last.tracks().stream().map(PublishedTrack::sending).toList());
        assertEquals(
                "inactive",
                Direction.of(SessionDescription.parse(last.text()), section(last, 1))
                        .sdpName());
    }

    @Test
    void recognisesAnIceRestart() {
        PublisherAnswer first = Descriptions.answer("chromium-vp8-full-offer-1");
        String offer = Descriptions.text("chromium-vp8-full-offer-1");
        String ufrag = first.remote().ufrag();

        assertFalse(isIceRestart(offer, first));
        assertFalse(isIceRestart(offer, null));
        String restarted = offer.replace("a=ice-ufrag:" + ufrag, "a=ice-ufrag:next")
                .replace("a=ice-pwd:" + first.remote().pwd(), "a=ice-pwd:nextnextnextnextnextnext");
        assertTrue(isIceRestart(restarted, first));
    }

    private static boolean isIceRestart(String offer, @Nullable PublisherAnswer previous) {
        return PublisherOffer.read(SessionDescription.parse(offer), previous, SectionFilter.ALL)
                .isIceRestart();
    }

    @Test
    void readsTheRemoteEnd() {
        RemoteParameters remote = Descriptions.answer("firefox-simulcast-offer").remote();

        assertEquals("b66e2bc0", remote.ufrag());
        assertEquals("35c547247768a30539656fbff713527d", remote.pwd());
        assertEquals(1, remote.fingerprints().size());
        assertEquals(32, remote.fingerprints().get(0).sha256().length);
        assertEquals((byte) 0x90, remote.fingerprints().get(0).sha256()[0]);
    }
}
