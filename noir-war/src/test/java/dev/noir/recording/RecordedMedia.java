package dev.noir.recording;

import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/** Files as recordings are written, for tests of what reads them. */
public final class RecordedMedia {
    private final ContainerFile file;

    /**
     * A file of Matroska.
     *
     * @param video of track 2; track 1 is Opus
     */
    public RecordedMedia(Path path, Codec video, byte[] codecPrivate) throws IOException {
        this(path, video, codecPrivate, Container.MATROSKA);
    }

    private RecordedMedia(Path path, Codec video, byte[] codecPrivate, Container container) throws IOException {
        file = container.begin(
                Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                List.of(new MediaFormat(Codec.OPUS, 0, 0, new byte[0]), new MediaFormat(video, 640, 360, codecPrivate)),
                Instant.EPOCH);
    }

    /** MP4; as with the constructor. */
    public static RecordedMedia mp4(Path path, Codec video, byte[] codecPrivate) throws IOException {
        return new RecordedMedia(path, video, codecPrivate, Container.MP4);
    }

    public void add(int track, long ms, boolean key, byte[] frame) throws IOException {
        file.add(track, 1000 * ms, key, frame);
    }

    public void finish() throws IOException {
        file.finish();
    }

    /** As a server leaves it that is killed. */
    public void abandon() throws IOException {
        if (file instanceof MatroskaFile matroska) {
            matroska.flush();
        }
        file.abandon();
    }
}
