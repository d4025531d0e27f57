package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.RecordedMedia;
import dev.noir.room.EncodedFrame;
import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that have been tampered with: whatever they say, there is an end of it, in order or in words. */
final class MutationTest {
    private static final int ROUNDS = 1000;

    @TempDir
    Path folder;

    /** How it went: at least some of both must have been. */
    private int read;

    private int refused;

    @Test
    void ofIvf() throws IOException {
        tamper(IvfFileTest.file(30), 1, this::play);
    }

    @Test
    void ofOgg() throws IOException {
        byte[] file = OggFileTest.file(8, 0);
        tamper(file, 2, this::play);
        read = 0;
        refused = 0;
        tamper(file, 3, mutant -> {
            repair(mutant);
            play(mutant);
        });
    }

    @Test
    void ofWebm() throws IOException {
        tamper(recorded(Codec.VP8, "", "10020000", "11"), 4, this::play);
    }

    @Test
    void ofH264() throws IOException {
        String configuration = "0142001fffe1000467420" + "01f01000268ce";
        String key = "00000004674200" + "1f" + "0000000268ce" + "000000026501";
        tamper(recorded(Codec.H264, configuration, key, "00000002410100000001" + "41"), 6, this::play);
    }

    @Test
    void ofAv1() throws IOException {
        tamper(recorded(Codec.AV1, "81000c000a020102", "12000a0201ff7a010030aabbcc", "12003203aabbcc"), 7, this::play);
    }

    /** Three seconds, with a key frame each half. */
    private byte[] recorded(Codec codec, String configuration, String key, String delta) throws IOException {
        Path path = folder.resolve(codec + ".mkv");
        RecordedMedia media = new RecordedMedia(path, codec, Webm.bytes(configuration));
        for (int ms = 0; ms < 3000; ms += 100) {
            media.add(1, ms, true, Webm.bytes("f801"));
            media.add(2, ms, ms % 500 == 0, Webm.bytes(ms % 500 == 0 ? key : delta));
        }
        media.finish();
        return Files.readAllBytes(path);
    }

    @Test
    void ofWebmByHand() throws IOException {
        String group = Webm.element("a0", Webm.element("a1", "81000000" + "aa") + Webm.element("fb", "ff"));
        byte[] file = Webm.file(
                Webm.element(
                        "114d9b74",
                        Webm.element("4dbb", Webm.element("53ab", "1c53bb6b") + Webm.element("53ac", "20"))),
                Webm.tracks(Webm.VP8_ENTRY, Webm.OPUS_ENTRY),
                Webm.unknown(
                        "1f43b675",
                        Webm.time(0)
                                + Webm.block(1, 0, 0x80, "aa")
                                + Webm.block(2, 0, 0x82, "02" + "02" + "02" + "f801f802f803")
                                + Webm.block(2, 60, 0x86, "02" + "82" + "bf" + "f801f802f803")
                                + Webm.block(2, 120, 0x84, "02" + "f801f802f803")),
                Webm.cluster(200, group, group));
        tamper(file, 5, this::play);
    }

    @Test
    void ofFragmentedMp4() throws IOException {
        Path path = folder.resolve("a.mp4");
        RecordedMedia media = RecordedMedia.mp4(path, Codec.AV1, Webm.bytes("81000c000a020102"));
        for (int ms = 0; ms < 3000; ms += 100) {
            media.add(1, ms, true, Webm.bytes("f801"));
            media.add(
                    2, ms, ms % 500 == 0, Webm.bytes(ms % 500 == 0 ? "12000a0201ff7a010030aabbcc" : "12003203aabbcc"));
        }
        media.finish();
        byte[] file = Files.readAllBytes(path);
        tamper(file, 8, this::play);
    }

    @Test
    void ofMp4() throws IOException {
        byte[] file = Mp4FileTest.whole(Mp4FileTest.pictures(), Mp4FileTest.sounds(), "");
        tamper(file, 9, this::play);
    }

    private interface Use {
        void of(byte[] file) throws IOException;
    }

    private void tamper(byte[] file, long seed, Use use) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] mutant = mutant(file, random);
            try {
                use.of(mutant);
                read++;
            } catch (MediaFileException e) {
                assertTrue(String.valueOf(e.getMessage()).length() < 2000);
                refused++;
            }
        }
        assertTrue(read > ROUNDS / 20, read + " read");
        assertTrue(refused > ROUNDS / 200, refused + " refused");
    }

    private static byte[] mutant(byte[] file, Random random) {
        byte[] mutant = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && mutant.length > 16; i++) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(mutant.length, 300) : mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = (byte) random.nextInt();
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(mutant, at, Math.min(mutant.length, at + 8), (byte) -random.nextInt(2));
                default -> {
                    int from = random.nextInt(mutant.length);
                    int length = Math.min(random.nextInt(64), mutant.length - Math.max(at, from));
                    System.arraycopy(mutant, from, mutant, at, length);
                }
            }
        }
        return mutant;
    }

    /** All of it, from here and there: in no more frames than it has bytes, and of no more bytes than it has. */
    private void play(byte[] file) throws IOException {
        try (FrameSource source = MediaFile.open(Bytes.channel(file))) {
            assertTrue(source.tracks().size() <= 2);
            source.duration().ifPresent(length -> assertTrue(length.compareTo(Timeline.MAX_TIME) <= 0));
            drain(source, file.length);
            for (int ms : new int[] {1500, 0, 700, 1_000_000_000}) {
                source.seek(Duration.ofMillis(ms));
                drain(source, file.length);
            }
        }
    }

    private static void drain(FrameSource source, int size) throws IOException {
        Map<Integer, TrackFrames> tracks = new HashMap<>();
        source.tracks().forEach(track -> tracks.put(track.number(), new TrackFrames(track)));
        Timeline timeline = new Timeline();
        timeline.begin(true);
        Map<MediaKind, Long> last = new EnumMap<>(MediaKind.class);
        int frames = 0;
        long bytes = 0;
        for (SourceFrame frame = source.next(); frame != null; frame = source.next()) {
            frames++;
            bytes += frame.data().length;
            assertTrue(frame.data().length > 0);
            assertTrue(frames <= size && bytes <= size, frames + " frames, " + bytes + " bytes of " + size);
            assertTrue(frame.time().abs().compareTo(Timeline.MAX_TIME.multipliedBy(3)) <= 0);
            assertOrder(tracks.get(frame.track()), frame, timeline, last);
        }
        assertEquals(null, source.next());
    }

    /** What a room gets of it. */
    private static void assertOrder(TrackFrames track, SourceFrame frame, Timeline timeline, Map<MediaKind, Long> last)
            throws IOException {
        EncodedFrame made = track.make(frame);
        if (made != null) {
            MediaKind kind = track.track().kind();
            long at = timeline.place(kind, frame.time(), 0);
            Long before = last.put(kind, at);
            assertTrue(before == null || at > before);
            assertTrue(made.data().length > 0);
        }
    }

    /** Gives pages the checksums that they should have, so that what is in them is looked at. */
    private static void repair(byte[] file) {
        for (int at = 0; at + 27 < file.length; at++) {
            if (ByteBuffer.wrap(file, at, 4).getInt() == OggPage.MAGIC) {
                int end = at + 27 + (file[at + 26] & 0xFF);
                int size = 0;
                for (int i = at + 27; i < Math.min(end, file.length); i++) {
                    size += file[i] & 0xFF;
                }
                if (end + size <= file.length) {
                    int sum = OggPage.checksum(Arrays.copyOfRange(file, at, end + size));
                    ByteBuffer.wrap(file, at + 22, 4).putInt(Integer.reverseBytes(sum));
                }
            }
        }
    }
}
