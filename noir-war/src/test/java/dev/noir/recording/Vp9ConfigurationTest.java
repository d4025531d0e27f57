package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.EncodedFrame;
import dev.noir.sdp.Codec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Vp9ConfigurationTest {
    private static String of(String frame, int width, int height) {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(Vp9Configuration.of(hex.parseHex(frame), width, height));
    }

    /** Profile, level, depth with chroma and range, then colours, and no data. */
    @ParameterizedTest
    @CsvSource({
        "8249834240, 0015820202020000", // Profile 0, studio range.
        "8249834250, 0015830202020000", // Full range.
        "9249834218, 0215a30202020000", // Profile 2: ten bits, full range.
        "9249834290, 0215c20202020000", // Twelve bits.
        "a249834240, 0115860202020000", // Profile 1: 4:4:4.
        "a249834248, 0115840202020000", // 4:2:2.
        "a2498342e0, 011587010d000000", // RGB.
        "b124c1a14a00, 0315c40202020000", // Profile 3, with a bit more: twelve bits, 4:2:2.
    })
    void itIsReadFromAKeyFrame(String frame, String record) {
        assertEquals(record, of(frame, 640, 360));
    }

    @ParameterizedTest
    @CsvSource({
        "''", // Nothing.
        "8249", // Cut off.
        "8649834240", // No key frame.
        "8a49834240", // One shown again.
        "4249834240", // No frame.
        "8249834340", // Other bits where it is synchronised.
    })
    void whatIsNoneIsTheUsual(String frame) {
        assertEquals("0015820202020000", of(frame, 640, 360));
    }

    @ParameterizedTest
    @CsvSource({
        "160, 90, 10",
        "320, 180, 11",
        "640, 360, 21",
        "640, 480, 30",
        "1280, 720, 31",
        "1920, 1080, 40",
        "3840, 2160, 50",
        "7680, 4320, 62"
    })
    void theLevelIsThatOfThePicture(int width, int height, int level) {
        assertEquals("%02x".formatted(level), of("8249834240", width, height).substring(2, 4));
    }

    @Test
    void aTrackOfVp9HasIt() {
        HexFormat hex = HexFormat.of();
        MediaFormat format =
                MediaFormat.of(new EncodedFrame(Codec.VP9, true, 0, 640, 360, new byte[0], hex.parseHex("8249834240")));
        assertEquals("0015820202020000", hex.formatHex(format.codecPrivate()));
    }
}
