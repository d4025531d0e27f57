package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Retransmissions of publishers on streams of their own (RFC 4588). */
class PublisherRtxTest {
    private static final String ALL = Descriptions.text("chromium-all-codecs-offer");
    private static final String FID = "a=ssrc-group:FID 2917903518 4222750507\r\n";
    private static final String SIMULCAST = Descriptions.text("chromium-simulcast-twccfix-offer")
            .replaceFirst("(m=video .*)\r\n", "$1 97\r\n")
            .replace(
                    "a=rtpmap:96 VP8/90000\r\n",
                    """
                    a=rtpmap:96 VP8/90000
                    a=rtpmap:97 RTX/90000
                    a=fmtp:97 rtx-time=3000; apt=96
                    a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
                    """
                            .replace("\n", "\r\n"));

    private static PublisherAnswer answer(String offer) {
        return PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null);
    }

    private static PublishedTrack video(String offer) {
        return answer(offer).tracks().get(1);
    }

    @Test
    void eachAcceptedCodecIsRepaired() {
        PublisherAnswer answer = answer(ALL);
        PublishedTrack video = answer.tracks().get(1);

        for (CodecParameters codec : video.codecs()) {
            Integer rtx = video.repairs().get(codec.payloadType());
            assertTrue(rtx != null, codec.toString());
            assertTrue(answer.text().contains("a=rtpmap:" + rtx + " rtx/90000\r\n"));
            assertTrue(answer.text().contains("a=fmtp:" + rtx + " apt=" + codec.payloadType() + "\r\n"));
        }
        assertEquals(97, video.repairs().get(96));
        assertEquals(List.of(new Encoding("", 2917903518L, 4222750507L)), video.encodings());
        MediaDescription section =
                SessionDescription.parse(answer.text()).media().get(2);
        assertTrue(section.formats().containsAll(List.of("96", "97", "45", "46")));
        assertFalse(section.formats().contains("119"), "repairs RED, which is not accepted");
    }

    @Test
    void withoutAGroupTheStreamIsLearnt() {
        PublishedTrack video = video(ALL.replace(FID, ""));

        assertEquals(List.of(new Encoding("", 2917903518L)), video.encodings());
        assertEquals(97, video.repairs().get(96));
    }

    @Test
    void ridsNeedTheRepairedRid() {
        PublisherAnswer answer = answer(SIMULCAST);
        PublishedTrack video = answer.tracks().get(1);

        assertEquals(Map.of(96, 97), video.repairs());
        assertEquals(11, video.extensions().repairedRid());
        assertTrue(answer.text().contains("a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"));

        PublisherAnswer without = answer(SIMULCAST.replace("sdes:repaired-rtp-stream-id", "gone"));
        assertEquals(Map.of(), without.tracks().get(1).repairs());
        assertFalse(without.text().contains("rtx"));
        assertEquals(3, without.tracks().get(1).encodings().size());
    }

    @Test
    void groupsOfSimulcastNeedAStreamOfRepairsEach() {
        String group = "a=ssrc-group:SIM 2917903518 7\r\n" + FID;
        assertEquals(Map.of(), video(ALL.replace(FID, group)).repairs());

        PublishedTrack video = video(ALL.replace(FID, group + "a=ssrc-group:FID 7 8\r\n"));
        assertEquals(List.of(new Encoding("", 2917903518L, 4222750507L), new Encoding("", 7, 8)), video.encodings());
        assertEquals(97, video.repairs().get(96));
    }

    @Test
    void whatIsNotAskedForIsNotRepaired() {
        PublishedTrack video = video(ALL.replace("a=rtcp-fb:96 nack\r\n", ""));

        assertFalse(video.repairs().containsKey(96));
        assertEquals(99, video.repairs().get(98));
    }

    @Test
    void nonsenseIsLeftOut() {
        for (String apt : List.of("apt=97", "apt=118", "apt=", "apt=-1", "apt=300", "rtx-time=96", "96", "apt=x")) {
            PublishedTrack video = video(ALL.replace("a=fmtp:97 apt=96", "a=fmtp:97 " + apt));
            assertFalse(video.repairs().containsValue(97), apt);
            assertTrue(video.repairs().containsValue(99), apt);
        }
        // Two for one codec, and one number for two.
        assertEquals(
                97,
                video(ALL.replace("a=fmtp:103 apt=102", "a=fmtp:103 apt=96"))
                        .repairs()
                        .get(96));
        assertFalse(video(ALL.replace("97 rtx", "97 rtx/8000\r\na=x:").replace("a=fmtp:97 apt=96\r\n", ""))
                .repairs()
                .containsKey(96));
    }

    @Test
    void withoutRtxFirefoxsNeedlessPairSaysNothing() {
        PublishedTrack video =
                Descriptions.answer("firefox-to-chromium-offer").tracks().get(1);

        assertEquals(0, video.encodings().get(0).rtxSsrc());
        assertEquals(Map.of(), video.repairs());
    }
}
