package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Tracks that no description speaks of, as subscribers are offered them. */
class InjectedTrackTest {
    private static final byte[] NOTHING = {};

    private static String offered(Codec codec, byte[] codecPrivate) {
        SubscriberSession session = Descriptions.subscriberSession();
        session.addTrack(PublishedTrack.injected(codec, codecPrivate, "stream", "track"));
        return session.offer(Descriptions.local()).text();
    }

    @Test
    void subscribersAreOfferedItAsAnyOther() {
        for (Codec codec : Codec.values()) {
            if (codec != Codec.RED) {
                String offer = offered(codec, NOTHING);
                assertTrue(offer.contains(" " + codec.rtpmap() + "\r\n"), offer);
                assertTrue(offer.contains("a=msid:stream track\r\n"), offer);
            }
        }
    }

    @Test
    void h264IsOfferedInTheProfileOfItsParameterSets() {
        byte[] high = HexFormat.of().parseHex("0164001fffe1");
        assertTrue(offered(Codec.H264, high).contains("packetization-mode=1;profile-level-id=64001f"));
        assertTrue(offered(Codec.H264, NOTHING).contains("packetization-mode=1;profile-level-id=42e01f"));
    }

    @Test
    void vp9AndAv1AreOfferedInTheirProfiles() {
        assertTrue(offered(Codec.VP9, new byte[] {2, 1, 31, 1, 1, 2}).contains("profile-id=2\r\n"));
        assertTrue(offered(Codec.VP9, NOTHING).contains("profile-id=0\r\n"));
        assertTrue(offered(Codec.AV1, new byte[] {(byte) 0x81, 0x20, 0, 0}).contains("profile=1;"));
    }

    @Test
    void profilesThatAreNotForwardedAreRefused() {
        byte[] high422 = HexFormat.of().parseHex("017a001fffe1");
        assertThrows(SdpException.class, () -> PublishedTrack.injected(Codec.H264, high422, "stream", "track"));
        assertThrows(SdpException.class, () -> PublishedTrack.injected(Codec.RED, NOTHING, "stream", "track"));
    }

    @Test
    void ofVideoKeyFramesCanBeAskedFor() {
        PublishedTrack video = PublishedTrack.injected(Codec.VP8, NOTHING, "stream", "track");
        PublishedTrack audio = PublishedTrack.injected(Codec.OPUS, NOTHING, "stream", "track");
        assertEquals(MediaKind.VIDEO, video.kind());
        assertTrue(video.pli() && video.sending());
        assertEquals(MediaKind.AUDIO, audio.kind());
        assertEquals(1, audio.encodings().size());
    }
}
