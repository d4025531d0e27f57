package dev.noir.playing;

import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;
import java.util.List;

/**
 * A track of media that can be played.
 *
 * @param number by which frames name it; a file's own
 * @param codec never {@link Codec#RED}
 * @param codecPrivate what Matroska's CodecPrivate is; empty where there is none
 * @param width of the picture in pixels as the file says at its start; 0 for audio, or when it says nothing
 * @param height as {@code width}
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record SourceTrack(int number, Codec codec, byte[] codecPrivate, int width, int height) {
    public MediaKind kind() {
        return codec.kind();
    }

    /** Of a file's tracks, the one at whose key frames reading can begin: video, if there is some. At least one. */
    static SourceTrack leading(List<SourceTrack> tracks) {
        return tracks.stream()
                .filter(track -> track.kind() == MediaKind.VIDEO)
                .findFirst()
                .orElse(tracks.get(0));
    }
}
