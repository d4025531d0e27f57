package dev.noir.media;

/**
 * What a subscriber wants of one of its down tracks.
 *
 * @param muted nothing of it
 * @param maxSpatial the highest encoding, or spatial layer of the only one, from 0
 * @param maxTemporal the highest temporal layer, from 0
 * @param width the size it is shown in, in pixels up to 65535: the smallest layer that fills it is enough; 0 = any
 * @param height as {@code width}; the longer side counts
 * @param priority 0 to 255; the higher, the sooner it is better than others when not everything gets through
 */
public record DownTrackWish(boolean muted, int maxSpatial, int maxTemporal, int width, int height, int priority) {}
