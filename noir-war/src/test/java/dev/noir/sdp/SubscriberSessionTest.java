package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriberSessionTest {
    private SubscriberSession session;

    @BeforeEach
    void newSession() {
        session = Descriptions.subscriberSession();
    }

    private SubscriberOffer offer() {
        return session.offer(Descriptions.local());
    }

    /** One offer that the client accepts. */
    private SubscriberAnswer negotiate() {
        SubscriberOffer offer = offer();
        SubscriberAnswer answer = SubscriberAnswer.parse(offer, Descriptions.acceptAll(offer));
        session.apply(offer, answer);
        return answer;
    }

    private static PublishedTrack audio(String stream) {
        return Descriptions.track(stream, stream + "-audio", Codec.OPUS, 111, "");
    }

    private static PublishedTrack video(String stream) {
        return Descriptions.track(stream, stream + "-video", Codec.VP8, 96, "max-fs=12288");
    }

    private static MediaDescription section(SubscriberOffer offer, int index) {
        return SessionDescription.parse(offer.text()).media().get(index);
    }

    @Test
    void offersTheDataChannelFirstAndAlone() {
        assertTrue(session.needsOffer());
        SessionDescription first = SessionDescription.parse(offer().text());

        assertFalse(session.needsOffer());
        assertEquals(1, first.media().size());
        MediaDescription application = first.media().get(0);
        assertEquals(
                Descriptions.local().candidates().stream()
                        .map(candidate -> candidate.print().substring("candidate:".length()))
                        .toList(),
                application.attributes("candidate"));
        assertEquals("0", application.mid());
        assertEquals("5000", application.attribute("sctp-port").orElseThrow());
        assertEquals("65536", application.attribute("max-message-size").orElseThrow());
        assertEquals("actpass", application.attribute("setup").orElseThrow());
        assertEquals("BUNDLE 0", first.attribute("group").orElseThrow());
        assertTrue(first.attribute("ice-lite").isPresent());
    }

    @Test
    void printsOneVideoSectionExactly() {
        session.addTrack(Descriptions.track(
                "{stream}", "{track}", Codec.H264, 102, "profile-level-id=42e01f;packetization-mode=1"));
        SubscriberOffer offer = offer();
        SubscriberSection section = offer.sections().get(0);
        StringBuilder text = new StringBuilder();
        section(offer, 1).print(text);

        assertEquals(
                """
                m=video 9 UDP/TLS/RTP/SAVPF 96 97
                c=IN IP4 0.0.0.0
                a=mid:1
                a=ice-ufrag:noirufrg
                a=ice-pwd:noirpasswordnoirpassword
                a=ice-options:trickle
                a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:\
                00:00:00:00
                a=setup:actpass
                a=sendonly
                a=rtcp-mux
                a=rtcp-rsize
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
                a=extmap:6 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
                a=extmap:9 http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time
                a=extmap:4 urn:3gpp:video-orientation
                a=extmap:10 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
                a=rtpmap:96 H264/90000
                a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                a=rtcp-fb:96 transport-cc
                a=rtcp-fb:96 goog-remb
                a=rtcp-fb:96 ccm fir
                a=rtcp-fb:96 nack
                a=rtcp-fb:96 nack pli
                a=rtpmap:97 rtx/90000
                a=fmtp:97 apt=96
                a=msid:{stream} {track}
                a=ssrc-group:FID SSRC RTX
                a=ssrc:SSRC cname:{stream}
                a=ssrc:SSRC msid:{stream} {track}
                a=ssrc:RTX cname:{stream}
                a=ssrc:RTX msid:{stream} {track}
                """
                        .replace("\n", "\r\n")
                        .replace("SSRC", Long.toString(section.ssrc()))
                        .replace("RTX", Long.toString(section.rtxSsrc())),
                text.toString());
    }

    @Test
    void givesAudioNeitherRtxNorNack() {
        session.addTrack(audio("a"));
        String text = offer().text();

        assertFalse(text.contains("rtx") || text.contains("nack") || text.contains("FID"));
        assertTrue(text.contains("a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level"));
    }

    @Test
    void keepsPayloadTypesOfTwoPublishersApart() {
        // Chromium's 96 is VP8; some other client's is H264, and a third one calls VP8 102.
        session.addTrack(Descriptions.track("a", "1", Codec.VP8, 96, ""));
        session.addTrack(Descriptions.track("b", "2", Codec.H264, 96, "profile-level-id=42e01f;packetization-mode=1"));
        session.addTrack(Descriptions.track("c", "3", Codec.VP8, 102, ""));
        List<PayloadMapping> mappings = negotiate().sections().stream()
                .map(section -> section.payloads().get(0))
                .toList();

        assertEquals(
                List.of(
                        new PayloadMapping(96, 96, 97),
                        new PayloadMapping(96, 98, 99),
                        new PayloadMapping(102, 96, 97)),
                mappings);
    }

    @Test
    void keepsPayloadTypesOverTheLifeOfTheSession() {
        String first = session.addTrack(video("a"));
        negotiate();
        session.removeTrack(first);
        negotiate();
        session.addTrack(Descriptions.track("b", "2", Codec.VP9, 98, "profile-id=0"));
        session.addTrack(video("c"));

        assertEquals(
                List.of(98, 96),
                offer().sections().stream()
                        .map(section -> section.codecs().get(0).payloadType())
                        .toList());
    }

    /** A client that makes up format parameters must not use up the payload types of everybody else. */
    @Test
    void neverRunsOutOfPayloadTypes() {
        List<CodecParameters> inventions = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            String numbers = "profile=" + i + ";profile-id=" + i + ";tier=" + i + ";level-idx=" + i + ";max-fs=" + i;
            for (Codec codec : Codec.values()) {
                inventions.add(new CodecParameters(96, codec, numbers));
            }
            for (String profile : List.of("42", "4d", "4D", "58", "64", "f4", "00", "zz")) {
                String id = "profile-level-id=" + profile
                        + HexFormat.of().toHexDigits((byte) i).repeat(2);
                inventions.add(new CodecParameters(96, Codec.H264, id + ";packetization-mode=" + i % 3));
            }
        }
        Set<Integer> given = new HashSet<>();
        for (PayloadMapping mapping : new PayloadTypes().map(inventions)) {
            given.add(mapping.payloadType());
            given.add(mapping.rtxPayloadType());
        }

        assertTrue(given.size() > 20);
        // RFC 5761 §4: 64 to 95 would look like RTCP.
        assertTrue(given.stream().noneMatch(payloadType -> payloadType >= 64 && payloadType < 96), given.toString());
    }

    @Test
    void recyclesASectionOnlyWhenTheClientKnowsItIsInactive() {
        String mid = session.addTrack(video("a"));
        negotiate();
        long ssrc = session.section(mid).orElseThrow().ssrc();
        session.removeTrack(mid);
        String early = session.addTrack(video("b"));
        SubscriberOffer offer = offer();

        assertNotEquals(mid, early);
        assertTrue(offer.text().contains("a=inactive"));
        session.apply(offer, SubscriberAnswer.parse(offer, Descriptions.acceptAll(offer)));
        assertNotEquals(mid, session.addTrack(audio("b")), "another kind");
        assertEquals(mid, session.addTrack(video("c")));
        assertNotEquals(ssrc, session.section(mid).orElseThrow().ssrc());
        assertTrue(offer().text().contains("a=msid:c c-video\r\n"));
    }

    @Test
    void keepsOffersShortWhilePeopleComeAndGo() {
        for (int i = 0; i < 300; i++) {
            String mid = session.addTrack(video("peer" + i));
            negotiate();
            session.removeTrack(mid);
            negotiate();
        }
        assertEquals(1, offer().sections().size());
    }

    /** GStreamer takes no other track where one has ended, aiortc decodes nothing of it. */
    @Test
    void appendsSectionsUntilThereAreMany() {
        session = new SubscriberSession(new Random(7));
        Set<String> mids = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            String mid = session.addTrack(video("peer" + i));
            mids.add(mid);
            negotiate();
            session.removeTrack(mid);
            negotiate();
        }
        assertEquals(SubscriberSession.MAX_FRESH_SECTIONS, offer().sections().size());
        assertEquals(SubscriberSession.MAX_FRESH_SECTIONS, mids.size());
    }

    @Test
    void replacesARefusedSectionUnderANewMid() {
        String mid = session.addTrack(video("a"));
        SubscriberOffer offer = offer();
        session.apply(
                offer,
                SubscriberAnswer.parse(offer, Descriptions.acceptAll(offer).replace("m=video 9", "m=video 0")));

        SessionDescription next = SessionDescription.parse(offer().text());
        assertEquals(0, next.media().get(1).port());
        assertEquals("BUNDLE 0", next.attribute("group").orElseThrow());
        String replacement = session.addTrack(video("b"));
        assertNotEquals(mid, replacement);
        assertEquals(replacement, section(offer(), 1).mid());
        session.removeTrack(mid);
        assertEquals(
                "BUNDLE 0 2",
                SessionDescription.parse(offer().text()).attribute("group").orElseThrow());
    }

    @Test
    void forgetsATrackThatWasNeverOffered() {
        offer();
        session.removeTrack(session.addTrack(video("a")));

        assertEquals(0, offer().sections().size());
    }

    @Test
    void countsVersionsAndKeepsTheSessionId() {
        assertTrue(offer().text().startsWith("v=0\r\no=- 4711 1 IN "));
        session.addTrack(audio("a"));
        SubscriberOffer second = offer();
        assertTrue(second.text().startsWith("v=0\r\no=- 4711 2 IN "));
        assertEquals(2, second.version());
    }

    @Test
    void printsNewCredentialsAfterAnIceRestart() {
        offer();
        LocalParameters restarted =
                Descriptions.local().withIce(new IceCredentials("restarted", "restartedrestartedrestarted"));

        assertTrue(session.offer(restarted).text().contains("a=ice-ufrag:restarted\r\n"));
    }

    @Test
    void neverRepeatsAnMsid() {
        session.addTrack(video("a"));
        String second = session.addTrack(video("a"));

        assertEquals("a-video-" + second, session.section(second).orElseThrow().trackId());
    }

    @Test
    void neverRepeatsAnMsidThatLooksLikeOneOfOurs() {
        session.addTrack(Descriptions.track("a", "t-3", Codec.VP8, 96, ""));
        session.addTrack(Descriptions.track("a", "t", Codec.VP8, 96, ""));
        session.addTrack(Descriptions.track("a", "t", Codec.VP8, 96, ""));
        List<String> ids = SessionDescription.parse(offer().text()).media().stream()
                .flatMap(section -> section.attribute("msid").stream())
                .toList();

        assertEquals(3, Set.copyOf(ids).size(), ids.toString());
    }

    @Test
    void mergesPayloadTypesThatDifferInLevelOnly() {
        PublishedTrack track =
                Descriptions.answer("chromium-all-codecs-offer").tracks().get(1);
        session.addTrack(track);
        MediaDescription section = section(offer(), 1);

        assertEquals(Set.copyOf(section.formats()).size(), section.formats().size());
    }

    @Test
    void limitsTheNumberOfSections() {
        for (int i = 0; i < SubscriberSession.MAX_SECTIONS; i++) {
            session.addTrack(audio("peer" + i));
        }
        assertThrows(SdpException.class, () -> session.addTrack(audio("one too many")));
        assertEquals(
                SubscriberSession.MAX_SECTIONS + 1,
                SessionDescription.parse(offer().text()).media().size());
    }
}
