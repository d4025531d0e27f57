package dev.noir.bot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PictureTest {
    @Test
    void colourHasHalfTheSizeRoundedUp() {
        Picture picture = Picture.allocate(5, 3);
        assertEquals(15, picture.y().capacity());
        assertEquals(6, picture.u().capacity());
        assertEquals(6, picture.v().capacity());
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "-1,1", "8193,1", "1,8193"})
    void sidesHaveLimits(int width, int height) {
        assertThrows(IllegalArgumentException.class, () -> Picture.allocate(width, height));
    }

    @ParameterizedTest
    @CsvSource({"15,4,4", "16,3,4", "16,4,3"})
    void planesHaveToBeLargeEnough(int y, int u, int v) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Picture(
                        4, 4, ByteBuffer.allocate(y), 4, ByteBuffer.allocate(u), 2, ByteBuffer.allocate(v), 2));
    }

    @Test
    void aStrideIsAtLeastTheWidth() {
        ByteBuffer plane = ByteBuffer.allocate(16);
        assertThrows(IllegalArgumentException.class, () -> new Picture(4, 4, plane, 3, plane, 2, plane, 2));
    }

    @ParameterizedTest
    @CsvSource({"480,7999,1", "480,48001,1", "480,48000,0", "480,48000,3", "-1,48000,1", "481,48000,1", "241,48000,2"})
    void soundHasLimits(int frames, int rate, int channels) {
        ShortBuffer samples = ShortBuffer.allocate(480);
        assertThrows(IllegalArgumentException.class, () -> new Sound(samples, frames, rate, channels));
    }
}
