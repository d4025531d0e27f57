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
    MATROSKA(".mkv");

    private final String ending;

    Container(String ending) {
        this.ending = ending;
    }

    /** The one for these tracks. */
    static Container of(List<MediaFormat> tracks) {
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
        return new MatroskaFile(channel, tracks, start);
    }
}
