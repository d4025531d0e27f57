package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Opus with repeats (RFC 2198), from publishers and to subscribers. */
class RedundantAudioTest {
    private static final String OFFER = Descriptions.text("chromium-all-codecs-offer");

    private static PublisherAnswer answer(String offer) {
        return PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);
    }

    private static List<CodecParameters> codecs(String offer) {
        return answer(offer).tracks().get(0).codecs();
    }

    @Test
    void isAcceptedBesideOpusInTheOrderOfTheOffer() {
        CodecParameters opus = new CodecParameters(111, Codec.OPUS, "minptime=10;useinbandfec=1");
        CodecParameters red = new CodecParameters(63, Codec.RED, "111/111");

        assertEquals(List.of(opus, red), codecs(OFFER));
        assertEquals(List.of(red, opus), codecs(OFFER.replace("SAVPF 111 63 ", "SAVPF 63 111 ")));
        String text = answer(OFFER).text();
        assertTrue(text.contains("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"), text);
        assertTrue(text.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n"), text);
    }

    @Test
    void isNothingWithoutOpusInAllItsBlocks() {
        for (String blocks : List.of("111/0", "0/111", "9", "")) {
            List<CodecParameters> codecs = codecs(OFFER.replace("a=fmtp:63 111/111", "a=fmtp:63 " + blocks));
            assertEquals(
                    List.of(Codec.OPUS),
                    codecs.stream().map(CodecParameters::codec).toList(),
                    blocks);
        }
        PublisherAnswer alone = answer(OFFER.replace("SAVPF 111 63 ", "SAVPF 63 "));
        assertFalse(alone.tracks().stream().anyMatch(track -> track.kind() == MediaKind.AUDIO));
    }

    private static SubscriberOffer offered() {
        SubscriberSession session = Descriptions.subscriberSession();
        session.addTrack(Descriptions.track("s0", "s0-video", Codec.VP8, 96, ""));
        session.addTrack(answer(OFFER).tracks().get(0));
        return session.offer(Descriptions.local());
    }

    @Test
    void isOfferedWithTheNumbersOfTheSubscriber() {
        String text = offered().text();

        assertTrue(text.contains("m=audio 9 UDP/TLS/RTP/SAVPF 98 99\r\n"), text);
        assertTrue(text.contains("a=rtpmap:99 red/48000/2\r\na=fmtp:99 98/98\r\n"), text);
    }

    @Test
    void isTakenOrLeftByTheAnswer() {
        SubscriberOffer offer = offered();
        PayloadMapping opus = new PayloadMapping(111, 98, PayloadMapping.NO_RTX);
        PayloadMapping red = new PayloadMapping(63, 99, PayloadMapping.NO_RTX);
        String all = Descriptions.acceptAll(offer);

        assertEquals(List.of(opus, red), payloads(offer, all));
        assertEquals(List.of(opus), payloads(offer, all.replace("SAVPF 98 99\r\n", "SAVPF 98\r\n")));
    }

    private static List<PayloadMapping> payloads(SubscriberOffer offer, String answer) {
        return SubscriberAnswer.parse(offer, answer).section("2").orElseThrow().payloads();
    }
}
