package dev.noir.bot.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.bot.rtc.Sections.Section;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SectionsTest {
    @Test
    void onlyWhatIsSentIsATrack() {
        String sdp = String.join(
                "\r\n",
                "v=0",
                "a=group:BUNDLE 0 1 2 3",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "a=mid:0",
                "m=video 9 UDP/TLS/RTP/SAVPF 96",
                "a=mid:1",
                "a=sendonly",
                "a=msid:stream-1 track-1",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                "a=mid:2",
                "a=msid:stream-1 track-2",
                "a=sendrecv",
                "m=video 9 UDP/TLS/RTP/SAVPF 96",
                "a=mid:3",
                "a=msid:stream-2 track-3",
                "a=inactive",
                "");
        assertEquals(
                Map.of(
                        "1", new Section("stream-1", "track-1", true),
                        "2", new Section("stream-1", "track-2", false)),
                Sections.of(sdp));
    }

    @Test
    void whatLacksIdsIsNone() {
        assertEquals(Map.of(), Sections.of(""));
        assertEquals(Map.of(), Sections.of("v=0\r\nm=video 9 x 96\r\na=sendonly\r\na=msid:a b\r\n"));
        assertEquals(Map.of(), Sections.of("v=0\r\nm=video 9 x 96\r\na=sendonly\r\na=mid:1\r\na=msid:a\r\n"));
    }
}
