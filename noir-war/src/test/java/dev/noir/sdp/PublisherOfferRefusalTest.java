package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers, or single sections, that we do not take. */
class PublisherOfferRefusalTest {
    private static final String OFFER = Descriptions.text("chromium-vp8-basic-offer");

    private static PublisherAnswer answer(String offer) {
        return PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);
    }

    private static String refusal(String offer) {
        return assertThrows(SdpException.class, () -> answer(offer)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "a=setup:actpass, a=setup:holdconn, setup",
        "a=fingerprint:sha-256, a=fingerprint:sha-1, sha-256",
        "a=fingerprint:, a=x-fingerprint:, a=fingerprint is missing",
        "a=ice-ufrag:, a=x-ufrag:, ice-ufrag",
        "a=ice-pwd:, a=x-pwd:, ice-pwd",
        "a=ice-pwd:, a=ice-pwd:?, ice-pwd",
        "a=mid:1, a=mid:0, two m-lines",
        "a=mid:1, a=x-mid:1, no a=mid",
        "a=msid:, a=msid:a b c d, fields"
    })
    void saysWhatIsWrong(String from, String to, String expected) {
        String message = refusal(OFFER.replace(from, to));

        assertTrue(message.contains(expected), message);
    }

    @Test
    void refusesAnOfferWithNothingToAccept() {
        assertTrue(refusal(OFFER.replace("m=", "m=x-")).contains("no m-line"));
        assertTrue(refusal("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n").contains("no m-line"));
    }

    @Test
    void acceptsAnyOfSeveralFingerprints() {
        String two = OFFER.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1 00:01\r\na=fingerprint:SHA-256");

        assertEquals(answer(OFFER).remote(), answer(two).remote());
    }

    @ParameterizedTest
    @CsvSource({
        "VP8/90000, H265/90000",
        "VP8/90000, VP8/48000",
        "UDP/TLS/RTP/SAVPF 96, RTP/AVP 96",
        "m=video 9, m=video 0",
        "m=video, m=text",
    })
    void rejectsOneSectionAndKeepsTheOthers(String from, String to) {
        PublisherAnswer answer = answer(OFFER.replace(from, to));
        SessionDescription printed = SessionDescription.parse(answer.text());

        assertEquals(1, answer.tracks().size());
        assertEquals(0, printed.media().get(2).port());
        assertEquals("BUNDLE 0 1", printed.attribute("group").orElseThrow());
    }

    @Test
    void rejectsWithoutRtcpMux() {
        assertEquals(0, answer(OFFER.replace("a=rtcp-mux", "a=x-mux")).tracks().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a=group:LS 1 2\r\n", "a=group:BUNDLE 0 1\r\n", "a=group:BUNDLE 1\r\na=group:BUNDLE 2\r\n"})
    void saysWhatToDoAboutSectionsWithTransportsOfTheirOwn(String groups) {
        String message = refusal(OFFER.replace("a=group:BUNDLE 0 1 2\r\n", groups));

        assertTrue(message.contains("BUNDLE") && message.contains("max-bundle"), message);
    }

    @Test
    void asksForNoBundleWhereThereIsOneSection() {
        String alone = OFFER.substring(0, OFFER.indexOf("m=audio")).replace("a=group:BUNDLE 0 1 2\r\n", "");
        PublisherAnswer answer = answer(alone);

        assertTrue(answer.hasDataChannel());
        assertFalse(answer.text().contains("BUNDLE"));
        assertEquals("0", answer.transportMid());
    }

    @Test
    void acceptsBundleOnlySections() {
        String offer = OFFER.replace("m=video 9", "m=video 0").replace("a=mid:2", "a=mid:2\r\na=bundle-only");

        assertEquals(2, answer(offer).tracks().size());
    }

    @Test
    void rejectsASecondDataChannelSectionAndStrangePorts() {
        String application = OFFER.substring(OFFER.indexOf("m=application"), OFFER.indexOf("m=audio"));
        String twice = OFFER.replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 9") + application.replace("a=mid:0", "a=mid:9");

        assertEquals(
                0, SessionDescription.parse(answer(twice).text()).media().get(3).port());
        assertFalse(
                answer(OFFER.replace("a=sctp-port:5000", "a=sctp-port:5001")).hasDataChannel());
    }

    @ParameterizedTest
    @CsvSource({"a=sendonly, a=recvonly", "a=sendonly, a=inactive"})
    void answersInactiveToWhoeverDoesNotSend(String from, String to) {
        PublisherAnswer answer = answer(OFFER.replace(from, to));

        assertTrue(answer.tracks().stream().noneMatch(PublishedTrack::sending));
        assertFalse(answer.text().contains("a=recvonly"));
    }

    @Test
    void takesDirectionsFromTheSessionOrTheDefault() {
        assertTrue(answer(OFFER.replace("a=sendonly\r\n", "")).tracks().get(0).sending());
        String inactive = OFFER.replace("a=sendonly\r\n", "").replace("t=0 0\r\n", "t=0 0\r\na=inactive\r\n");
        assertFalse(answer(inactive).tracks().get(0).sending());
    }

    @Test
    void namesStreamsOfClientsThatDoNot() {
        PublisherAnswer answer =
                answer(OFFER.replaceAll("a=msid:[^\r]*\r\n", "").replaceAll("a=ssrc:[^\r]*\r\n", ""));

        assertEquals("noir-4711", answer.tracks().get(0).streamId());
        assertEquals("noir-4711-1", answer.tracks().get(0).trackId());
        assertEquals(List.of(new Encoding("", 0)), answer.tracks().get(0).encodings());
    }

    @Test
    void findsStreamsWhereTheyWereWrittenBeforeMsid() {
        PublisherAnswer answer = answer(OFFER.replaceAll("a=msid:[^\r]*\r\n", "")
                .replaceAll("(a=ssrc:\\d+ )msid:[^\r]*\r\n", "$1msid:stream track\r\n"));

        assertEquals("stream", answer.tracks().get(0).streamId());
        assertEquals("track", answer.tracks().get(1).trackId());
    }

    @Test
    void givesOneExtensionIdOneMeaning() {
        // The video section gives the id of the audio section's level to the orientation.
        PublisherAnswer answer = answer(OFFER.replace("a=extmap:13 ", "a=extmap:1 "));

        assertEquals(0, answer.tracks().get(1).extensions().videoOrientation());
        assertEquals(1, answer.extensions().get(0).audioLevel());
        assertEquals(1, answer.extensions().size());
    }

    /** RFC 8285 §6; clients that count ids in each section by itself. */
    @Test
    void takesOneExtensionUnderSeveralIds() {
        int video = OFFER.indexOf("m=video");
        PublisherAnswer answer = answer(OFFER.substring(0, video)
                + OFFER.substring(video)
                        .replace("a=extmap:4 " + HeaderExtension.MID.uri(), "a=extmap:5 " + HeaderExtension.MID.uri()));

        assertEquals(4, answer.tracks().get(0).extensions().mid());
        assertEquals(5, answer.tracks().get(1).extensions().mid());
        assertTrue(answer.text().contains("a=extmap:5 " + HeaderExtension.MID.uri() + "\r\n"));
        assertEquals(
                List.of(4, 5),
                answer.extensions().stream().map(ExtensionIds::mid).toList());
    }

    @Test
    void ignoresReservedAndUnusableExtensionIds() {
        assertEquals(0, mid("extmap:15 "));
        assertEquals(0, mid("extmap:0 "));
        assertEquals(0, mid("extmap:4096 "));
        assertEquals(20, mid("extmap:20 "));
    }

    private static int mid(String extmap) {
        return answer(OFFER.replace("extmap:4 ", extmap))
                .tracks()
                .get(0)
                .extensions()
                .mid();
    }

    @Test
    void givesNoTransportFeedbackWithoutItsExtension() {
        PublishedTrack video = answer(OFFER.replace("transport-wide-cc-extensions-01", "gone"))
                .tracks()
                .get(1);

        assertFalse(video.transportCc());
        assertTrue(video.nack());
    }

    @Test
    void holdsTheClientToTheShapeOfItsLastOffer() {
        PublisherAnswer previous = Descriptions.answer("chromium-vp8-full-offer-4");
        SessionDescription shorter = Descriptions.parsed("chromium-vp8-full-offer-1");
        String swapped = Descriptions.text("chromium-vp8-full-offer-4")
                .replace("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 9 UDP/TLS/RTP/SAVPF 111");

        assertThrows(SdpException.class, () -> PublisherAnswer.create(shorter, Descriptions.local(), previous));
        assertThrows(
                SdpException.class,
                () -> PublisherAnswer.create(SessionDescription.parse(swapped), Descriptions.local(), previous));
    }

    @Test
    void takesANewCertificateForANewConnection() {
        PublisherAnswer previous = answer(OFFER);
        String changed = OFFER.replaceAll("a=fingerprint:sha-256 ..", "a=fingerprint:sha-256 00");

        assertFalse(isNewConnection(OFFER, null));
        assertFalse(isNewConnection(OFFER, previous));
        assertTrue(isNewConnection(changed, previous));
    }

    private static boolean isNewConnection(String offer, @Nullable PublisherAnswer previous) {
        return PublisherOffer.read(SessionDescription.parse(offer), previous, SectionFilter.ALL)
                .isNewConnection();
    }

    /** RFC 9143 §7.3: browsers end DTLS when the section that had the transport is stopped, and begin anew for the next. */
    @Test
    void knowsThatTheTransportGoesWithItsSection() {
        PublisherAnswer previous = answer(OFFER);
        String stopped =
                OFFER.replaceFirst("m=application \\d+", "m=application 0").replace("BUNDLE 0 1 2", "BUNDLE 1 2");
        String other = OFFER.replace("m=video 9", "m=video 0").replace("BUNDLE 0 1 2", "BUNDLE 0 1");

        assertTrue(isNewConnection(stopped, previous));
        assertFalse(isNewConnection(other, previous));
        assertEquals("1", answer(stopped).transportMid());
    }
}
