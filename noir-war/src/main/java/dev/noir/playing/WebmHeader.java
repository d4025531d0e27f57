package dev.noir.playing;

import dev.noir.playing.EbmlInput.Element;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands before the first cluster of a file of Matroska (RFC 9559 §5), or is said there to stand elsewhere. Thread: one at a time. */
final class WebmHeader {
    static final int EBML = 0x1A45DFA3;
    static final int SEGMENT = 0x18538067;
    static final int CLUSTER = 0x1F43B675;
    static final int TIMESTAMP = 0xE7;
    static final int SEEK_HEAD = 0x114D9B74;
    static final int INFO = 0x1549A966;
    static final int TRACKS = 0x1654AE6B;
    static final int CUES = 0x1C53BB6B;
    static final int TAGS = 0x1254C367;
    static final int CHAPTERS = 0x1043A770;
    static final int ATTACHMENTS = 0x1941A469;

    private static final int DOC_TYPE = 0x4282;
    private static final int TIMESTAMP_SCALE = 0x2AD7B1;
    private static final int DURATION = 0x4489;
    private static final int SEEK = 0x4DBB;
    private static final int SEEK_ID = 0x53AB;
    private static final int SEEK_POSITION = 0x53AC;

    private static final int MAX_HEAD_BYTES = 1 << 12;
    private static final int MAX_PART_BYTES = 1 << 16;
    private static final int MAX_ELEMENTS = 10_000;
    private static final int MAX_CLUSTER_HEAD = 16;
    private static final long MAX_SCALE = Duration.ofSeconds(1).toNanos();

    // Given.
    private final EbmlInput in;

    // Owned: as it is in the file.
    private long segment;
    private long segmentEnd;
    private long firstCluster;
    private long scale = Duration.ofMillis(1).toNanos();
    private double durationTicks;
    private long tracksAt = -1;
    private long cuesAt = -1;
    private @Nullable WebmTracks tracks;

    WebmHeader(EbmlInput in) throws IOException {
        this.in = in;
        readHead();
        Element found = in.next(EbmlInput.UNKNOWN);
        for (int i = 0; found.id() != SEGMENT; i++) {
            if (i == MAX_CLUSTER_HEAD) {
                throw MediaFileException.brokenAt(found.start());
            }
            in.skip(found);
            found = in.next(EbmlInput.UNKNOWN);
        }
        segment = found.content();
        segmentEnd = found.end();
        readToFirstCluster();
    }

    private void readHead() throws IOException {
        Element head = in.next(EbmlInput.UNKNOWN);
        String type = "";
        EbmlInput.limit(head, MAX_HEAD_BYTES);
        while (in.hasNext(head.end())) {
            Element element = in.next(head.end());
            if (element.id() == DOC_TYPE) {
                type = new String(in.bytes(element, MAX_HEAD_BYTES), StandardCharsets.US_ASCII).replace("\0", "");
            }
            in.skip(element);
        }
        if (!type.equals("webm") && !type.equals("matroska")) {
            throw new MediaFileException("the file is neither WebM nor Matroska");
        }
    }

    private void readToFirstCluster() throws IOException {
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            if (!in.hasNext(segmentEnd)) {
                throw new MediaFileException("the file has no media");
            }
            Element element = in.next(segmentEnd);
            switch (element.id()) {
                case CLUSTER -> {
                    firstCluster = element.start();
                    if (tracks == null) {
                        tracks = readTracks(tracksAt);
                    }
                    return;
                }
                case SEEK_HEAD -> readSeekHead(element);
                case INFO -> readInfo(element);
                case TRACKS -> tracks = WebmTracks.read(in, element);
                case CUES -> cuesAt = element.start();
                default -> {} // Of no matter for playing.
            }
            in.skip(element);
        }
        throw MediaFileException.brokenAt(in.file().position());
    }

    private WebmTracks readTracks(long at) throws IOException {
        if (at >= 0) {
            in.file().seek(at);
            Element element = in.next(segmentEnd);
            if (element.id() == TRACKS) {
                return WebmTracks.read(in, element);
            }
        }
        throw new MediaFileException("the file does not say what its tracks are");
    }

    private void readSeekHead(Element head) throws IOException {
        EbmlInput.limit(head, MAX_PART_BYTES);
        while (in.hasNext(head.end())) {
            Element seek = in.next(head.end());
            long id = 0;
            long position = -1;
            EbmlInput.limit(seek, MAX_PART_BYTES);
            while (seek.id() == SEEK && in.hasNext(seek.end())) {
                Element element = in.next(seek.end());
                if (element.id() == SEEK_ID) {
                    id = in.number(element);
                } else if (element.id() == SEEK_POSITION) {
                    position = in.number(element);
                }
                in.skip(element);
            }
            if (id == TRACKS) {
                tracksAt = place(position);
            } else if (id == CUES) {
                cuesAt = place(position);
            }
            in.skip(seek);
        }
    }

    /**
     * Where in the file that is.
     *
     * @param position within the segment
     * @return -1: nowhere
     */
    long place(long position) throws IOException {
        boolean exists = position >= 0 && position < in.file().size() - segment;
        return exists ? segment + position : -1;
    }

    private void readInfo(Element info) throws IOException {
        EbmlInput.limit(info, MAX_PART_BYTES);
        while (in.hasNext(info.end())) {
            Element element = in.next(info.end());
            if (element.id() == TIMESTAMP_SCALE) {
                scale = in.number(element);
            } else if (element.id() == DURATION) {
                durationTicks = in.real(element);
            }
            in.skip(element);
        }
        if (scale < 1 || scale > MAX_SCALE) {
            throw MediaFileException.brokenAt(info.start());
        }
    }

    WebmTracks tracks() {
        if (tracks == null) {
            throw new IllegalStateException("a header without tracks is refused");
        }
        return tracks;
    }

    long segmentEnd() {
        return segmentEnd;
    }

    long firstCluster() {
        return firstCluster;
    }

    /** Where the index should be; -1: nowhere. */
    long cuesAt() {
        return cuesAt;
    }

    Optional<Duration> duration() {
        double nanos = durationTicks * scale;
        boolean sane = nanos > 0 && nanos <= Timeline.MAX_TIME.toNanos(); // It may be no number at all.
        return sane ? Optional.of(Duration.ofNanos((long) nanos)) : Optional.empty();
    }

    /** In nanoseconds. */
    long nanos(long ticks) throws MediaFileException {
        if (Math.abs(ticks) > Timeline.MAX_TIME.toNanos() / scale) {
            throw new MediaFileException("the file has impossible times");
        }
        return ticks * scale;
    }

    /** When the first cluster is, which need not be zero, in nanoseconds. */
    long firstNanos() throws IOException {
        in.file().seek(firstCluster);
        Element cluster = in.next(segmentEnd);
        for (int i = 0; i < MAX_CLUSTER_HEAD && in.hasNext(cluster.end()); i++) {
            Element element = in.next(cluster.end());
            if (element.id() == TIMESTAMP) {
                return nanos(in.number(element));
            }
            in.skip(element);
        }
        return 0;
    }
}
