package dev.noir.recording;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.List;

/** What files of media are. */
enum Container {
    /** The codecs of the web (RFC 9559). */
    WEBM(".webm"),

    /** The same with others. */
    MATROSKA(".mkv"),

    /** ISO/IEC 14496-12, in fragments. */
    MP4(".mp4");

    private final String ending;

    Container(String ending) {
        this.ending = ending;
    }

    /**
     * The one for these tracks.
     *
     * @param mp4 where it has all of their codecs
     */
    static Container of(List<MediaFormat> tracks, boolean mp4) {
        if (mp4 && tracks.stream().allMatch(MediaFormat::isMp4)) {
            return MP4;
        }
        return tracks.stream().allMatch(MediaFormat::isWebm) ? WEBM : MATROSKA;
    }

    /** Of a file's name, with its dot. */
    String ending() {
        return ending;
    }

    /**
     * Begins a file.
     *
     * @param channel closed with it
     * @param tracks number 1 first; one that this is {@link #of}
     * @param start when the first of what it shows happened
     */
    ContainerFile begin(SeekableByteChannel channel, List<MediaFormat> tracks, Instant start) throws IOException {
        return switch (this) {
            case WEBM, MATROSKA -> new MatroskaFile(channel, tracks, start);
            case MP4 -> new Mp4File(channel, tracks, start);
        };
    }
}
