package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.RoomException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RtmpTargetTest {
    @ParameterizedTest
    @CsvSource({
        "rtmp://live.example.org/app/key, 203.0.113.5, rtmp://203.0.113.5/app/key, rtmp://live.example.org/app",
        "rtmps://live.example.org:443/rtmp/a?b=c, live.example.org, rtmps://live.example.org:443/rtmp/a?b=c,"
                + " rtmps://live.example.org:443/rtmp",
        "rtmp://[2001:db8::1]:1935/a/b/c/d, [2001:db8::1], rtmp://[2001:db8::1]:1935/a/b/c/d,"
                + " rtmp://[2001:db8::1]:1935/a/b",
    })
    void goesToAnAddressUnderItsOwnName(String text, String at, String url, String application) {
        RtmpTarget target = RtmpTarget.parse(text);
        assertEquals(url, target.url(at));
        assertEquals(application, target.application());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://example.org/app/hush",
                "RTMP://example.org/app/hush",
                "rtmpt://example.org/app/hush",
                "file:///etc/hush",
                "pipe:1",
                "-f",
                "rtmp:example.org/app/hush",
                "rtmp:///app/hush",
                "rtmp://example.org",
                "rtmp://example.org/",
                "rtmp://user:pass@example.org/app/hush",
                "rtmp://example.org/app/hush#there",
                "rtmp://example.org:0/app/hush",
                "rtmp://example.org:65536/app/hush",
                "rtmp://example.org/app/hush swfUrl=x",
                "rtmp://example.org/app/hush\n-f",
                "rtmp://2130706433/app/hush",
                "rtmp://0x7f.1/app/hush",
                "rtmp://0177.0.0.1/app/hush",
                "rtmp://127.1/app/hush",
                "rtmp://exa_mple.org/app/hush",
            })
    void whatIsNoneIsRefusedWithoutRepeatingIt(String text) {
        RoomException refused = assertThrows(RoomException.class, () -> RtmpTarget.parse(text));
        assertEquals(RoomException.Code.INVALID, refused.code());
        assertFalse(String.valueOf(refused.getMessage()).contains("hush"), refused.getMessage());
    }

    @Test
    void whatIsTooLongIsRefused() {
        String longest = "rtmp://example.org/app/" + "k".repeat(RtmpTarget.MAX_CHARS - 23);
        RtmpTarget.parse(longest);
        assertThrows(RoomException.class, () -> RtmpTarget.parse(longest + "k"));
    }

    @Test
    void nobodySeesWhatIsSecret() {
        RtmpTarget target = RtmpTarget.parse("rtmp://live.example.org/app/s3cret?auth=t0ken&x=1");
        assertEquals("rtmp://live.example.org/***", target.toString());
        for (String said : new String[] {
            "rtmp://203.0.113.5/app/s3cret?auth=t0ken&x=1: Connection refused",
            "[rtmp @ 0x1] Server error: s3cret?auth=t0ken&x=1 is in use",
            "publish s3cret",
            "auth t0ken is wrong"
        }) {
            String masked = target.masked(said);
            assertFalse(masked.contains("s3cret") || masked.contains("t0ken"), masked);
            assertTrue(masked.contains("***"), masked);
        }
        assertEquals("Connection refused", target.masked("Connection refused"));
    }
}
