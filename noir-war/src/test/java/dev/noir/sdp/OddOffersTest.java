package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offers as clients other than browsers write them, or browsers in rare moods: none is refused without need. */
final class OddOffersTest {
    private static final String FINGERPRINT = Fingerprint.ofSha256(new byte[32]).value();

    /** A section with a transport of its own, after which its lines come. */
    private static String section(String media, String credentials, String... lines) {
        return "m=" + media + "\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:ufrag" + credentials + "\r\na=ice-pwd:"
                + "p".repeat(24)
                + credentials + "\r\na=fingerprint:sha-256 " + FINGERPRINT + "\r\na=setup:actpass\r\n"
                + String.join("\r\n", lines) + "\r\n";
    }

    private static String video(String mid, String formats, String... lines) {
        List<String> all = new ArrayList<>(List.of("a=mid:" + mid, "a=sendonly", "a=rtcp-mux"));
        all.addAll(List.of(lines));
        return section("video 9 UDP/TLS/RTP/SAVPF " + formats, Tokens.before(mid, 'm'), all.toArray(String[]::new));
    }

    private static String offer(String bundle, String... sections) {
        return "v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE " + bundle + "\r\n"
                + String.join("", sections);
    }

    private static PublisherAnswer answer(String offer) {
        return PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);
    }

    private static MediaDescription printed(PublisherAnswer answer, int index) {
        return SessionDescription.parse(answer.text()).media().get(index);
    }

    /** aiortc, and browsers before 2019. RFC 8841 §4: the answer has the offer's form. */
    @Test
    void theOldSctpLineIsAnsweredInItsForm() {
        String application = section(
                "application 9 DTLS/SCTP 5000",
                "",
                "a=mid:0",
                "a=sctpmap:5000 webrtc-datachannel 65535",
                "a=max-message-size:65536");
        PublisherAnswer answer = answer(offer("0", application));
        MediaDescription section = printed(answer, 0);

        assertTrue(answer.hasDataChannel());
        assertEquals("DTLS/SCTP", section.protocol());
        assertEquals(List.of("5000"), section.formats());
        assertEquals(
                "5000 webrtc-datachannel 1024", section.attribute("sctpmap").orElseThrow());
        assertFalse(section.hasAttribute("sctp-port"));
        assertEquals("65536", section.attribute("max-message-size").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"5000 webrtc-datachannel, 5000 something-else", "5000 webrtc, 5001 webrtc"})
    void anotherOldSctpLineIsRefused(String from, String to) {
        String application =
                section("application 9 DTLS/SCTP 5000", "", "a=mid:0", "a=sctpmap:5000 webrtc-datachannel 65535");
        String media = video("1", "96", "a=rtpmap:96 VP8/90000");

        assertFalse(answer(offer("0 1", application, media).replace(from, to)).hasDataChannel());
    }

    /** aiortc looks for ICE lines in every section, GStreamer for a fingerprint. */
    @Test
    void aRefusedSectionHasAllThatAnAcceptedOneHas() {
        PublisherAnswer answer = answer(offer(
                "0 1",
                video("0", "100", "a=rtpmap:100 H265/90000", "a=fmtp:100 x=1"),
                video("1", "96", "a=rtpmap:96 VP8/90000")));
        MediaDescription refused = printed(answer, 0);

        assertEquals(0, refused.port());
        for (String name : List.of("ice-ufrag", "ice-pwd", "fingerprint", "setup", "rtcp-mux", "inactive", "mid")) {
            assertTrue(refused.hasAttribute(name), name);
        }
        assertEquals("100 H265/90000", refused.attribute("rtpmap").orElseThrow());
        assertFalse(refused.hasAttribute("candidate"));
        assertTrue(printed(answer, 1).hasAttribute("candidate"));
    }

    /** RFC 9143 §7.3: the transport is that of the first accepted section of the group. */
    @Test
    void credentialsAreThoseOfTheFirstAcceptedSection() {
        PublisherAnswer answer = answer(
                offer("0 1", video("0", "0", "a=rtpmap:0 H263/90000"), video("1", "96", "a=rtpmap:96 VP8/90000")));

        assertEquals("ufrag1", answer.remote().ufrag());
        assertEquals("1", answer.transportMid());
        assertTrue(answer.text().contains("a=group:BUNDLE 1\r\n"));
    }

    @Test
    void theGroupsOrderCountsAndNotThatOfTheSections() {
        PublisherAnswer answer = answer(
                offer("b a", video("a", "96", "a=rtpmap:96 VP8/90000"), video("b", "97", "a=rtpmap:97 VP8/90000")));

        assertEquals("ufragb", answer.remote().ufrag());
        assertTrue(answer.text().contains("a=group:BUNDLE b a\r\n"));
        assertTrue(printed(answer, 1).hasAttribute("candidate"));
        assertFalse(printed(answer, 0).hasAttribute("candidate"));
    }

    @Test
    void ssrcsOfOneSimGroupAreEncodings() {
        PublishedTrack track = answer(offer(
                        "0",
                        video(
                                "0",
                                "96",
                                "a=rtpmap:96 VP8/90000",
                                "a=ssrc-group:SIM 1001 1002 1003",
                                "a=ssrc-group:FID 1001 1011",
                                "a=ssrc-group:FID 1002 1012",
                                "a=ssrc-group:FID 1003 1013",
                                "a=ssrc:1001 cname:x")))
                .tracks()
                .get(0);

        assertEquals(
                List.of(new Encoding("", 1001), new Encoding("", 1002), new Encoding("", 1003)), track.encodings());
    }

    @ParameterizedTest
    @CsvSource({"SIM 1001 x 1002, 1001 1002", "SIM, 0", "SIM 7 7 7, 7", "SIM 1 2 3 4 5 6, 1 2 3 4", "'', 0"})
    void brokenSimGroupsAreTakenAsFarAsTheyGo(String group, String ssrcs) {
        PublishedTrack track = answer(offer("0", video("0", "96", "a=rtpmap:96 VP8/90000", "a=ssrc-group:" + group)))
                .tracks()
                .get(0);

        assertEquals(
                List.of(ssrcs.split(" ", -1)),
                track.encodings().stream()
                        .map(encoding -> Long.toString(encoding.ssrc()))
                        .toList());
    }

    @Test
    void aMidMayFillItsItemOfRtcp() {
        String mid = "m".repeat(255);
        assertEquals(
                mid,
                answer(offer(mid, video(mid, "96", "a=rtpmap:96 VP8/90000")))
                        .tracks()
                        .get(0)
                        .mid());
    }

    @Test
    void theFingerprintThatWeUnderstandIsFoundAmongOthers() {
        String offer = offer("0", video("0", "96", "a=rtpmap:96 VP8/90000"))
                .replace(
                        "a=fingerprint:sha-256 ",
                        "a=fingerprint:sha-1 00:11\r\na=fingerprint:sha-512 22\r\na=fingerprint:SHA-256 ");
        List<Fingerprint> only = List.of(new Fingerprint(FINGERPRINT));
        assertEquals(only, answer(offer).remote().fingerprints());
        String inSession = offer.replace("a=fingerprint:SHA-256", "a=fingerprint:sha-384")
                .replace("t=0 0\r\n", "t=0 0\r\na=fingerprint:sha-256 " + FINGERPRINT + "\r\n");
        assertEquals(only, answer(inSession).remote().fingerprints());
    }

    /** RFC 8122 §5: one for each certificate that may be shown. */
    @Test
    void allFingerprintsOfASectionCountElseThoseOfTheSession() {
        String other = FINGERPRINT.replace("00", "11");
        String third = FINGERPRINT.replace("00", "22");
        String offer = offer("0", video("0", "96", "a=rtpmap:96 VP8/90000"))
                .replace("t=0 0\r\n", "t=0 0\r\na=fingerprint:sha-256 " + third + "\r\n")
                .replace(
                        "a=setup:",
                        "a=fingerprint:sha-256 " + other + "\r\na=fingerprint:sha-256 " + FINGERPRINT + "\r\na=setup:");
        List<Fingerprint> both = List.of(new Fingerprint(FINGERPRINT), new Fingerprint(other));
        assertEquals(both, answer(offer).remote().fingerprints());
        String many = offer.replace(
                "a=setup:",
                IntStream.range(3, 7)
                                .mapToObj(i -> "a=fingerprint:sha-256 " + FINGERPRINT.replace("00", i + "" + i))
                                .collect(Collectors.joining("\r\n"))
                        + "\r\na=setup:");
        assertThrows(SdpException.class, () -> answer(many));
    }

    @Test
    void aBlankLastLineAndBareLineFeedsAreForgiven() {
        String offer = offer("0", video("0", "96", "a=rtpmap:96 VP8/90000"));
        String expected = answer(offer).text();

        assertEquals(expected, answer(offer + "\r\n").text());
        assertEquals(expected, answer(offer + "\n\n").text());
        assertEquals(expected, answer(offer.replace("\r\n", "\n")).text());
        assertEquals(expected, answer(offer.stripTrailing()).text());
    }

    @Test
    void formatsThatWeDoNotForwardAreLeftOut() {
        String audio = section(
                "audio 9 UDP/TLS/RTP/SAVPF 63 111 126 13 9 0 99",
                "",
                "a=mid:0",
                "a=sendonly",
                "a=rtcp-mux",
                "a=rtpmap:63 red/48000/2",
                "a=fmtp:63 111/111",
                "a=rtpmap:111 OPUS/48000/2",
                "a=rtpmap:126 telephone-event/8000",
                "a=fmtp:126 0-16",
                "a=rtpmap:99 brand-new/48000");
        MediaDescription section = printed(answer(offer("0", audio)), 0);

        assertEquals(List.of("63", "111"), section.formats());
        assertEquals(List.of("63 red/48000/2", "111 opus/48000/2"), section.attributes("rtpmap"));
    }

    /** All receivers have the constrained baseline; one that has nothing else sees nothing of the baseline. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42001f;packetization-mode=1|42e01f;packetization-mode=1|106",
                "42e01f;packetization-mode=1|42001f;packetization-mode=1|102",
                // RFC 6184 §8.1: another spelling of the constrained baseline.
                "42001f;packetization-mode=1|4d801f;packetization-mode=1|106",
                "640c1f;packetization-mode=1|42C01F;packetization-mode=1|106 102",
                "42e01f;packetization-mode=0|42e01f;packetization-mode=1|106 102",
                // Another mode is another format.
                "42001f;packetization-mode=0|42e01f;packetization-mode=1|106 102",
                "42001f;packetization-mode=1|640032;packetization-mode=1|102 106",
            })
    void prefersTheH264ThatAllDecode(String first, String second, String expected) {
        PublisherAnswer answer = answer(offer(
                "0",
                video(
                        "0",
                        "96 102 106",
                        "a=rtpmap:96 VP8/90000",
                        "a=rtpmap:102 H264/90000",
                        "a=fmtp:102 level-asymmetry-allowed=1;profile-level-id=" + first,
                        "a=rtpmap:106 H264/90000",
                        "a=fmtp:106 level-asymmetry-allowed=1;profile-level-id=" + second)));

        assertEquals("96 " + expected, String.join(" ", printed(answer, 0).formats()));
    }

    /** Publishing and unpublishing all day: browsers use the places of refused sections again. */
    @Test
    void deadSectionsAreRefusedWhenThereAreMany() {
        List<String> sections = new ArrayList<>();
        List<String> mids = new ArrayList<>();
        sections.add(section("application 9 UDP/DTLS/SCTP webrtc-datachannel", "", "a=mid:d", "a=sctp-port:5000"));
        mids.add("d");
        for (int i = 0; i < 300; i++) {
            String section = video(Integer.toString(i), "96", "a=rtpmap:96 VP8/90000");
            sections.add(i < 296 ? section.replace("a=sendonly", "a=inactive") : section);
            mids.add(Integer.toString(i));
        }
        PublisherAnswer answer = answer(offer(String.join(" ", mids), sections.toArray(String[]::new)));
        List<MediaDescription> printed = SessionDescription.parse(answer.text()).media();

        assertEquals(
                296 - PublisherOffer.MAX_IDLE_SECTIONS,
                printed.stream().filter(section -> section.port() == 0).count());
        assertEquals(0, printed.get(1).port());
        assertEquals(9, printed.get(296).port());
        assertEquals(4, answer.tracks().stream().filter(PublishedTrack::sending).count());
    }

    @Test
    void theSectionWithTheTransportIsNeverRefusedForBeingDead() {
        List<String> sections = new ArrayList<>();
        List<String> mids = new ArrayList<>();
        for (int i = 0; i <= PublisherOffer.MAX_IDLE_SECTIONS + 1; i++) {
            sections.add(video("m" + i, "96", "a=rtpmap:96 VP8/90000").replace("a=sendonly", "a=inactive"));
            mids.add("m" + i);
        }
        PublisherAnswer answer = answer(offer(String.join(" ", mids), sections.toArray(String[]::new)));

        assertEquals(9, printed(answer, 0).port());
        assertEquals(0, printed(answer, 1).port());
        assertEquals(9, printed(answer, 2).port());
    }
}
