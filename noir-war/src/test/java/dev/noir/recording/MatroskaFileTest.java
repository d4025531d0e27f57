package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.recording.EbmlReader.Element;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MatroskaFileTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final MediaFormat AUDIO = new MediaFormat(Codec.OPUS, 0, 0, new byte[0]);
    private static final MediaFormat VIDEO = new MediaFormat(Codec.VP8, 640, 360, new byte[0]);
    private static final int AUDIO_TRACK = 1;
    private static final int VIDEO_TRACK = 2;

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("a.webm");
    }

    private MatroskaFile file(MediaFormat... tracks) throws IOException {
        return new MatroskaFile(
                Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                List.of(tracks),
                START);
    }

    private Element segment(boolean cut) throws IOException {
        List<Element> whole = EbmlReader.read(Files.readAllBytes(path), cut);
        assertEquals(2, whole.size());
        assertEquals(EbmlReader.SEGMENT, whole.get(1).id());
        return whole.get(1);
    }

    private void write(MatroskaFile file, int seconds) throws IOException {
        for (int ms = 0; ms < seconds * 1000; ms += 20) {
            file.add(AUDIO_TRACK, 1000L * ms, true, new byte[] {(byte) ms});
            if (ms % 40 == 0) {
                file.add(VIDEO_TRACK, 1000L * ms, ms % 3000 == 0, new byte[500]);
            }
        }
    }

    @Test
    void whatHasEndedHasALengthAndAnIndexThatPointsAtKeyFrames() throws IOException {
        MatroskaFile file = file(AUDIO, VIDEO);
        write(file, 10);
        file.finish();

        Element segment = segment(false);
        int content = segment.position() + 12;
        Element info = segment.only(0x1549A966);
        assertEquals(9980.0, Double.longBitsToDouble(info.only(0x4489).number()));
        assertEquals(1_000_000, info.only(0x2AD7B1).number());
        List<Element> points = segment.only(0x1C53BB6B).all(0xBB);
        assertEquals(
                List.of(0L, 3000L, 6000L, 9000L),
                points.stream().map(point -> point.only(0xB3).number()).toList());
        List<Element> clusters = segment.all(0x1F43B675);
        for (Element point : points) {
            long at = point.only(0xB7).only(0xF1).number() + content;
            Element cluster = clusters.stream()
                    .filter(each -> each.position() == at)
                    .findFirst()
                    .orElseThrow();
            assertEquals(point.only(0xB3).number(), cluster.only(0xE7).number());
            Element first = cluster.all(0xA3).get(0);
            assertEquals(0x80 | VIDEO_TRACK, first.content()[0] & 0xFF);
            assertEquals(0x80, first.content()[3] & 0xFF);
        }
        for (Element seek : segment.only(0x114D9B74).all(0x4DBB)) {
            long at = seek.only(0x53AC).number() + content;
            assertTrue(segment.children().stream()
                    .anyMatch(child -> child.position() == at
                            && child.id() == (int) seek.only(0x53AB).number()));
        }
    }

    @Test
    void noClusterIsLongerThanThreeQuartersOfASecondAndAllFramesAreThere() throws IOException {
        MatroskaFile file = file(AUDIO, VIDEO);
        write(file, 10);
        file.finish();

        int frames = 0;
        long before = -1;
        for (Element cluster : segment(false).all(0x1F43B675)) {
            long base = cluster.only(0xE7).number();
            for (Element block : cluster.all(0xA3)) {
                long relative = ByteBuffer.wrap(block.content()).getShort(1);
                assertTrue(relative >= 0 && relative < 750, "relative time " + relative);
                assertTrue(base + relative >= before, "order of time");
                before = base + relative;
                frames++;
            }
        }
        assertEquals(500 + 250, frames);
    }

    @Test
    void whereverItIsCutWhatIsThereCanBeRead() throws IOException {
        MatroskaFile file = file(AUDIO, VIDEO);
        write(file, 5);
        file.abandon();
        byte[] all = Files.readAllBytes(path);

        int clusters = segment(true).all(0x1F43B675).size();
        assertTrue(clusters >= 6, clusters + " clusters of 5 seconds");
        for (int length = all.length; length > all.length - 400; length -= 7) {
            Files.write(path, Arrays.copyOf(all, length));
            assertTrue(segment(true).all(0x1F43B675).size() >= clusters - 1);
        }
    }

    @Test
    void itSaysWhatItsTracksAre() throws IOException {
        byte[] avcc = {1, 66, 0, 31};
        MatroskaFile file = file(new MediaFormat(Codec.H264, 1280, 720, avcc), AUDIO);
        file.add(1, 0, true, new byte[10]);
        file.finish();

        List<Element> whole = EbmlReader.read(Files.readAllBytes(path), false);
        assertEquals("matroska", text(whole.get(0).only(0x4282)));
        List<Element> tracks = segment(false).only(0x1654AE6B).all(0xAE);
        assertEquals("V_MPEG4/ISO/AVC", text(tracks.get(0).only(0x86)));
        assertArrayEquals(avcc, tracks.get(0).only(0x63A2).content());
        assertEquals(1280, tracks.get(0).only(0xE0).only(0xB0).number());
        assertEquals("A_OPUS", text(tracks.get(1).only(0x86)));
        assertEquals("OpusHead", text(tracks.get(1).only(0x63A2)).substring(0, 8));
        assertEquals(19, tracks.get(1).only(0x63A2).content().length);
    }

    @Test
    void ofSoundAloneEveryClusterIsInTheIndex() throws IOException {
        MatroskaFile file = file(AUDIO);
        for (int ms = 0; ms < 3000; ms += 20) {
            file.add(1, 1000L * ms, true, new byte[50]);
        }
        file.finish();

        assertEquals(
                "webm",
                text(EbmlReader.read(Files.readAllBytes(path), false).get(0).only(0x4282)));
        assertEquals(4, segment(false).only(0x1C53BB6B).all(0xBB).size());
    }

    private static String text(Element element) {
        return new String(element.content(), StandardCharsets.ISO_8859_1);
    }
}
