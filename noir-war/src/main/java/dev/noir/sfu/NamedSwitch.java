package dev.noir.sfu;

import dev.noir.media.LayerSwitch;

/**
 * A subscriber gets another layer of a track, with the names of both. Names are empty of what has ended meanwhile.
 *
 * @param publisher the peer whose track it is
 * @param stream its client's name for the stream that the track belongs to
 */
public record NamedSwitch(Whose subscriber, String publisher, String stream, LayerSwitch what) {}
