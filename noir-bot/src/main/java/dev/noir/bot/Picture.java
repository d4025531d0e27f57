package dev.noir.bot;

import java.nio.ByteBuffer;

/**
 * A raw picture, I420: a plane of brightness, and two of colour with half the width and height, rounded up. Bytes are
 * taken by index; positions and limits of the buffers do not count.
 *
 * <p>Who gets one may read it until he returns, and has to copy what he wants to keep. Who gives one away has it back when the
 * call returns.
 *
 * @param width in pixels, 1 to {@value #MAX_SIDE}
 * @param height the same
 * @param y the brightness
 * @param strideY bytes from row to row of it, at least the width
 * @param strideU at least half the width, rounded up
 * @param strideV the same
 */
public record Picture(
        int width, int height, ByteBuffer y, int strideY, ByteBuffer u, int strideU, ByteBuffer v, int strideV) {
    /** More is not encoded by anything that a browser has. */
    public static final int MAX_SIDE = 8192;

    /** @throws IllegalArgumentException when a side or a buffer has not the size that it needs */
    public Picture {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
            throw new IllegalArgumentException("a picture of " + width + " by " + height);
        }
        check("y", y, strideY, width, height);
        check("u", u, strideU, half(width), half(height));
        check("v", v, strideV, half(width), half(height));
    }

    private static void check(String name, ByteBuffer plane, int stride, int width, int height) {
        if (stride < width || plane.capacity() < (long) stride * (height - 1) + width) {
            throw new IllegalArgumentException("the plane " + name + " is too small for " + width + " by " + height
                    + ": a stride of " + stride + ", " + plane.capacity() + " bytes");
        }
    }

    /** A black one in memory of its own. */
    public static Picture allocate(int width, int height) {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
            throw new IllegalArgumentException("a picture of " + width + " by " + height);
        }
        Picture picture = new Picture(
                width,
                height,
                ByteBuffer.allocateDirect(width * height),
                width,
                ByteBuffer.allocateDirect(half(width) * half(height)),
                half(width),
                ByteBuffer.allocateDirect(half(width) * half(height)),
                half(width));
        picture.fill(16, 128, 128);
        return picture;
    }

    /** Makes all of it one colour. */
    public void fill(int brightness, int blue, int red) {
        fill(y, brightness);
        fill(u, blue);
        fill(v, red);
    }

    private static void fill(ByteBuffer plane, int value) {
        for (int i = 0; i < plane.capacity(); i++) {
            plane.put(i, (byte) value);
        }
    }

    /** Pixels of the planes of colour on that many of the picture. */
    public static int half(int pixels) {
        return (pixels + 1) / 2;
    }
}
