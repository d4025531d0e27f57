package dev.noir.room;

/**
 * What a subscriber wants of its copy of a track.
 *
 * @param muted nothing of it
 * @param maxSpatial highest spatial layer to forward, from 0
 * @param maxTemporal highest temporal layer, from 0
 * @param width the size it is shown in, in pixels: the smallest layer that fills it is enough; 0 = any
 * @param height as {@code width}
 * @param priority the higher, the sooner it is better than others when not everything gets through
 */
public record LayerWish(boolean muted, int maxSpatial, int maxTemporal, int width, int height, int priority) {}
