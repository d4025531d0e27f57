package dev.noir.bot.call;

import dev.noir.bot.Picture;
import java.nio.ByteBuffer;

/** What the caller shows: bars of colour, over which a bright stripe moves. Thread: one. */
final class TestPicture {
    static final int FRAMES_PER_SECOND = 20;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int BARS = 8;
    private static final int STRIPE = 24; // Pixels.
    private static final int STEP = 8; // Pixels from picture to picture.

    private final Picture picture = Picture.allocate(WIDTH, HEIGHT);
    private int number;

    TestPicture() {
        for (int y = 0; y < HEIGHT / 2; y++) {
            for (int x = 0; x < WIDTH / 2; x++) {
                int bar = x * BARS / (WIDTH / 2);
                picture.u().put(y * picture.strideU() + x, (byte) (48 + 20 * bar));
                picture.v().put(y * picture.strideV() + x, (byte) (208 - 20 * bar));
            }
        }
    }

    /** The same object each time, drawn anew. */
    Picture next() {
        int stripe = number++ * STEP % WIDTH;
        byte[] row = new byte[WIDTH];
        for (int x = 0; x < WIDTH; x++) {
            row[x] = (byte) (Math.abs(x - stripe) < STRIPE ? 235 : 40 + 150 * x / WIDTH);
        }
        ByteBuffer luma = picture.y();
        for (int y = 0; y < HEIGHT; y++) {
            luma.put(y * picture.strideY(), row);
        }
        return picture;
    }
}
