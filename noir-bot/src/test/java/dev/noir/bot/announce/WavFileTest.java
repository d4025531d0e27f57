package dev.noir.bot.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WavFileTest {
    @TempDir
    Path folder;

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.wav"), bytes);
    }

    @Test
    void itIsReadTenMillisecondsAtATimeTheLastOnesFilledWithSilence() throws IOException {
        short[] samples = new short[2 * (441 + 1)];
        samples[0] = 1;
        samples[2 * 441 - 1] = -2;
        samples[2 * 441] = 3;
        try (WavFile file = WavFile.open(write(Wav.of(44_100, 2, samples)))) {
            ShortBuffer part = ShortBuffer.allocate(2 * 441);
            for (int time = 0; time < 2; time++) {
                assertTrue(file.next(part));
                assertEquals(1, part.get(0));
                assertEquals(-2, part.get(2 * 441 - 1));
                assertTrue(file.next(part));
                assertEquals(3, part.get(0));
                assertEquals(0, part.get(2));
                assertFalse(file.next(part));
                file.rewind();
            }
        }
    }

    @Test
    void otherChunksAreSkippedAndALengthThatIsALieEndsWithTheFile() throws IOException {
        byte[] wav = Wav.of(8000, 1, new short[80]);
        byte[] bytes = new byte[wav.length + 11];
        System.arraycopy(wav, 0, bytes, 0, 12);
        System.arraycopy(new byte[] {'L', 'I', 'S', 'T', 3, 0, 0, 0, 1, 2, 3, 0}, 0, bytes, 12, 12);
        System.arraycopy(wav, 12, bytes, 24, wav.length - 13);
        bytes[24 + 8 + 16 + 7] = (byte) 0x7F; // The most significant byte of the sound's length.
        try (WavFile file = WavFile.open(write(bytes))) {
            ShortBuffer part = ShortBuffer.allocate(80);
            assertTrue(file.next(part));
            assertFalse(file.next(part));
        }
    }

    @ParameterizedTest
    @CsvSource({"22050,1", "48000,3", "48000,0", "96000,2"})
    void whatCannotBePlayedIsRefused(int rate, int channels) {
        assertThrows(IOException.class, () -> WavFile.open(write(Wav.of(rate, channels, new short[480]))));
    }

    @Test
    void whatIsCutOffOrNoWavFileIsRefused() throws IOException {
        byte[] wav = Wav.of(8000, 1, new short[80]);
        for (int length : new int[] {0, 11, 12, 19, 20, 35, 36, 43}) {
            byte[] cut = java.util.Arrays.copyOf(wav, length);
            assertThrows(IOException.class, () -> WavFile.open(write(cut)), "of " + length);
        }
        wav[8] = 'x';
        assertThrows(IOException.class, () -> WavFile.open(write(wav)));
    }
}
