package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.sdp.Codec;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrackFramesTest {
    private static final String SEQUENCE_SET = "6742001f";
    private static final String PICTURE_SET = "68ce";
    private static final String HEAD = "0142001f";
    private static final String SETS = "e1" + "0004" + SEQUENCE_SET + "01" + "0002" + PICTURE_SET;

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static TrackFrames track(Codec codec, String codecPrivate) {
        return new TrackFrames(new SourceTrack(1, codec, hex(codecPrivate), 640, 360));
    }

    private static SourceFrame frame(long ms, boolean key, String data) {
        return new SourceFrame(1, Duration.ofMillis(ms), key, hex(data));
    }

    private static EncodedFrame make(TrackFrames track, SourceFrame frame) throws MediaFileException {
        EncodedFrame made = track.make(frame);
        if (made == null) {
            throw new AssertionError("nothing to show");
        }
        return made;
    }

    private static void assertHex(String expected, byte[] data) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(data));
    }

    @Test
    void nothingIsShownBeforeAKeyFrame() throws MediaFileException {
        TrackFrames track = track(Codec.VP8, "");
        assertNull(track.make(frame(0, false, "01")));
        assertEquals(true, make(track, frame(40, true, "00")).key());
        assertEquals(false, make(track, frame(80, false, "01")).key());
        track.restart();
        assertNull(track.make(frame(0, false, "01")));
    }

    @Test
    void whatNoCallTakesIsNamed() {
        TrackFrames sound = new TrackFrames(new SourceTrack(1, Codec.OPUS, new byte[0], 0, 0));
        byte[] packet = new byte[InjectedTrack.MAX_SOUND_BYTES + 1];
        packet[0] = (byte) 0xFC; // One frame of 20 ms.
        MediaFileException refused = assertThrows(
                MediaFileException.class, () -> sound.make(new SourceFrame(1, Duration.ZERO, true, packet)));
        assertEquals("its sound has packets of 1181 bytes; calls take no more than 1180", refused.getMessage());

        TrackFrames video = track(Codec.VP8, "");
        byte[] picture = new byte[InjectedTrack.MAX_FRAME_BYTES + 1];
        assertThrows(MediaFileException.class, () -> video.make(new SourceFrame(1, Duration.ZERO, true, picture)));
    }

    @Test
    void sizesAreThoseOfThePictureElseOfTheFile() throws MediaFileException {
        TrackFrames track = track(Codec.VP8, "");
        EncodedFrame told = make(track, frame(0, true, "100200 9d012a 4001 b400 ff"));
        assertEquals(320, told.width());
        assertEquals(180, told.height());
        assertEquals(640, make(track, frame(40, true, "100200")).width());
        assertEquals(0, make(track, frame(80, false, "11")).width());
        assertArrayEquals(new byte[0], told.codecPrivate());
    }

    /** Frame headers of VP9: profile 0 of 1280x720, profile 2 of 320; one that is no key frame, one that shows another. */
    @ParameterizedTest
    @CsvSource({
        "82498342004ff02cf0, 1280",
        "9249834200 09fe0 59e0 0, 320",
        "86498342004ff02cf0, 0",
        "88, 0",
    })
    void sizesOfVp9(String data, int width) {
        String digits = data.replace(" ", "");
        assertEquals(width, Picture.of(Codec.VP9, hex(digits)).width());
    }

    @ParameterizedTest
    @CsvSource({
        "ff, 00000002 6501, 00000002 6501",
        "fd, 0002 6501 0001 41, 00000002 6501 00000001 41",
        "fc, 0265ff, 00000002 65ff"
    })
    void lengthsOfH264BecomeFourOctets(String lengths, String data, String expected) throws MediaFileException {
        TrackFrames track = track(Codec.H264, HEAD + lengths + SETS);
        EncodedFrame made = make(track, frame(0, true, data));
        assertHex(expected, made.data());
        assertHex(HEAD + "ff" + SETS, made.codecPrivate());
    }

    @Test
    void parameterSetsOfH264LeaveThePicture() throws MediaFileException {
        TrackFrames track = track(Codec.H264, HEAD + "ff" + SETS);
        String other = "67640029";
        EncodedFrame made = make(
                track,
                frame(
                        0,
                        true,
                        "00000002 0910" + "00000004" + other + "00000002 68ef" + "00000002 0c80" + "00000002 6501"));
        assertHex("00000002 6501", made.data());
        assertHex("01640029 ff e1 0004" + other + "01 0002 68ef", made.codecPrivate());
        assertArrayEquals(
                new byte[0], make(track, frame(40, false, "00000002 4101")).codecPrivate());
        assertNull(track.make(frame(80, false, "00000002 0910")));
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 1180, 1181})
    void aParameterSetOfH264HasToFitAPacket(int bytes) throws MediaFileException {
        String large = String.format("%04x", bytes) + PICTURE_SET + "00".repeat(bytes - 2);
        TrackFrames track = track(Codec.H264, HEAD + "ff" + "e1" + "0004" + SEQUENCE_SET + "01" + large);
        SourceFrame key = frame(0, true, "00000002 6588");
        if (bytes <= 1180) {
            assertEquals(15 + bytes, make(track, key).codecPrivate().length);
        } else {
            MediaFileException e = assertThrows(MediaFileException.class, () -> make(track, key));
            assertEquals("its video has a parameter set of 1181 bytes; calls take no more than 1180", e.getMessage());
        }
    }

    @Test
    void brokenH264IsRefused() {
        for (String data : new String[] {"00000003 6501", "ffffffff 6501", "0000"}) {
            TrackFrames track = track(Codec.H264, HEAD + "ff" + SETS);
            MediaFileException e =
                    assertThrows(MediaFileException.class, () -> track.make(frame(0, true, data + "00000001")));
            assertEquals("a picture of H264 is broken", e.getMessage());
        }
    }

    @Test
    void picturesInAnotherOrderThanTheyAreShownInAreRefused() throws MediaFileException {
        TrackFrames track = track(Codec.H264, HEAD + "ff" + SETS);
        make(track, frame(0, true, "00000002 6501"));
        make(track, frame(120, false, "00000002 4101"));
        MediaFileException e =
                assertThrows(MediaFileException.class, () -> track.make(frame(40, false, "00000002 0101")));
        assertEquals("its video has B frames", String.valueOf(e.getMessage()).substring(0, 22));
    }

    @Test
    void unitsOfAv1HaveTheirSizesAndNoDelimiters() throws MediaFileException {
        TrackFrames track = track(Codec.AV1, "81000c00" + "0a020102");
        // A delimiter, a sequence header, padding, a frame without its size.
        assertHex(
                "0a0201ff 3203aabbcc",
                make(track, frame(0, true, "1200 0a0201ff 7a0100 30aabbcc")).data());
        // A key frame whose sequence header is in the configuration alone.
        assertHex("0a020102 3201aa", make(track, frame(40, true, "1200 3201aa")).data());
        assertHex("3201aa", make(track, frame(80, false, "1200 3201aa")).data());
        // What is broken ends it.
        assertHex("3201aa", make(track, frame(120, false, "3201aa 3209aa")).data());
        assertNull(track.make(frame(160, false, "1200")));
        String large = "aa".repeat(200);
        assertHex("32c801" + large, make(track, frame(200, false, "30" + large)).data());
    }

    @Test
    void soundOfNoLengthIsNone() throws MediaFileException {
        TrackFrames track = track(Codec.OPUS, "");
        assertNull(track.make(frame(0, true, "fb00")));
        assertNull(track.make(frame(0, true, "fb3f")));
        assertHex("f801", make(track, frame(0, true, "f801")).data());
    }

    /** RFC 6716 §3.1, §3.2. */
    @ParameterizedTest
    @CsvSource({
        "00, 480",
        "08, 960",
        "18, 2880",
        "60, 480",
        "68, 960",
        "80, 120",
        "f8, 960",
        "f9, 1920",
        "fb03, 2880",
        "1b02, 5760",
        "1b03, 0"
    })
    void lengthsOfSound(String packet, int samples) {
        assertEquals(samples, Opus.samples(hex(packet)));
    }
}
