package dev.noir.playing;

import dev.noir.playing.EbmlInput.Element;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * WebM and the rest of Matroska (RFC 9559), whole, cut off, or as it comes from somebody who writes it live. Thread: one at a time; it
 * blocks.
 */
final class WebmFile implements FrameSource {
    private static final int CUE_POINT = 0xBB;
    private static final int CUE_TIME = 0xB3;
    private static final int CUE_POSITIONS = 0xB7;
    private static final int CUE_TRACK = 0xF7;
    private static final int CUE_CLUSTER = 0xF1;

    // Between two frames: a file of nothing else would keep its reader busy.
    private static final int MAX_ELEMENTS = 1_000_000;
    private static final int MAX_CUES = 100_000;
    private static final int MAX_CUE_BYTES = 1 << 16;

    // What ends a cluster that does not say where it ends.
    private static final Set<Integer> TOP_LEVEL = Set.of(
            WebmHeader.EBML,
            WebmHeader.SEGMENT,
            WebmHeader.CLUSTER,
            WebmHeader.SEEK_HEAD,
            WebmHeader.INFO,
            WebmHeader.TRACKS,
            WebmHeader.CUES,
            WebmHeader.TAGS,
            WebmHeader.CHAPTERS,
            WebmHeader.ATTACHMENTS);

    /**
     * Where reading can begin.
     *
     * @param position of a cluster, or of a block in one
     * @param clusterEnd where that cluster ends; {@link #NO_CLUSTER}
     * @param clusterTicks its time
     */
    private record Place(long position, long clusterEnd, long clusterTicks) {}

    private static final long NO_CLUSTER = -1;

    // Owned.
    private final EbmlInput in;
    private final WebmHeader header;
    private final WebmTracks tracks;
    private final long firstNanos;
    private final KeyFrames<Place> keyFrames = new KeyFrames<>();
    private final Deque<SourceFrame> laced = new ArrayDeque<>();

    // State.
    private long clusterEnd = NO_CLUSTER;
    private long clusterTicks;
    private boolean ended;
    private boolean hasCues;

    WebmFile(FileBytes file) throws IOException {
        in = new EbmlInput(file);
        header = new WebmHeader(in);
        tracks = header.tracks();
        firstNanos = header.firstNanos();
        go(beginning());
    }

    private Place beginning() {
        return new Place(header.firstCluster(), NO_CLUSTER, 0);
    }

    private void go(Place place) {
        in.file().seek(place.position);
        clusterEnd = place.clusterEnd;
        clusterTicks = place.clusterTicks;
        laced.clear();
        ended = false;
    }

    @Override
    public List<SourceTrack> tracks() {
        return tracks.sources();
    }

    @Override
    public Optional<Duration> duration() {
        return header.duration();
    }

    @Override
    public @Nullable SourceFrame next() throws IOException {
        try {
            while (laced.isEmpty() && !ended) {
                Element element = nextBlock();
                if (element != null) {
                    readFrames(WebmBlock.read(in, element));
                    in.skip(element);
                }
            }
        } catch (EOFException e) {
            ended = true;
        }
        return laced.poll();
    }

    private void readFrames(WebmBlock block) throws IOException {
        Optional<WebmTracks.Entry> entry = tracks.find(block.track());
        if (entry.isEmpty()) {
            return;
        }
        SourceTrack track = entry.get().track();
        long nanos = nanos(block);
        note(block, nanos);
        for (byte[] data : block.frames(in)) {
            long shown = nanos - entry.get().delay();
            laced.add(new SourceFrame(track.number(), Duration.ofNanos(shown), isKey(track, block), data));
            nanos += switch (track.kind()) {
                case AUDIO -> Opus.nanos(Opus.samples(data));
                case VIDEO -> 0; // Nobody laces pictures.
            };
        }
    }

    private static boolean isKey(SourceTrack track, WebmBlock block) {
        return switch (track.kind()) {
            case AUDIO -> true;
            case VIDEO -> block.key();
        };
    }

    private long nanos(WebmBlock block) throws MediaFileException {
        return header.nanos(clusterTicks + block.ticks()) - firstNanos;
    }

    /** So that it is found again. */
    private void note(WebmBlock block, long nanos) {
        if (isLeadingKey(block)) {
            keyFrames.add(nanos, place(block));
        }
    }

    private boolean isLeadingKey(WebmBlock block) {
        SourceTrack leading = tracks.leading();
        return block.track() == leading.number() && isKey(leading, block);
    }

    private Place place(WebmBlock block) {
        return new Place(block.outer().start(), clusterEnd, clusterTicks);
    }

    /** Null: there is none any more, and it is {@link #ended}. */
    private @Nullable Element nextBlock() throws IOException {
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            boolean within = clusterEnd != NO_CLUSTER;
            long end = within ? clusterEnd : header.segmentEnd();
            if (!in.hasNext(end)) {
                ended = !within;
                clusterEnd = NO_CLUSTER;
                if (ended) {
                    return null;
                }
                continue;
            }
            Element element = in.next(end);
            if (within && isBlock(element)) {
                return element;
            }
            pass(element, within);
            if (ended) {
                return null;
            }
        }
        throw MediaFileException.brokenAt(in.file().position());
    }

    private static boolean isBlock(Element element) {
        return element.id() == WebmBlock.SIMPLE || element.id() == WebmBlock.GROUP;
    }

    private void pass(Element element, boolean within) throws IOException {
        if (within && TOP_LEVEL.contains(element.id())) {
            clusterEnd = NO_CLUSTER;
            in.file().seek(element.start());
            return;
        }
        switch (element.id()) {
            case WebmHeader.CLUSTER -> {
                clusterEnd = element.end();
                clusterTicks = 0;
                return;
            }
            case WebmHeader.EBML, WebmHeader.SEGMENT -> ended = true; // Another file has been put behind this one.
            case WebmHeader.TIMESTAMP -> clusterTicks = within ? in.number(element) : clusterTicks;
            case WebmHeader.TRACKS -> {
                if (!tracks.isLike(WebmTracks.read(in, element))) {
                    throw new MediaFileException("its tracks change in the middle of the file");
                }
            }
            default -> {} // Of no matter for playing.
        }
        if (!ended) {
            in.skip(element);
        }
    }

    @Override
    public void seek(Duration to) throws IOException {
        long target = to.compareTo(Timeline.MAX_TIME) < 0 ? to.toNanos() : Timeline.MAX_TIME.toNanos();
        if (target <= 0) {
            go(beginning()); // With what sounds before the first picture.
            return;
        }
        readCues();
        Place known = keyFrames.before(target);
        Place found = known == null ? null : lastKeyFrame(known, target);
        if (found == null) {
            if (known != null) {
                keyFrames.clear(); // The index lies.
            }
            found = lastKeyFrame(beginning(), target);
        }
        go(found == null ? beginning() : found);
    }

    /** The last that leads at or before a time, from a place on; null: there is none. What is broken ends the search. */
    private @Nullable Place lastKeyFrame(Place from, long target) throws IOException {
        go(from);
        Place last = null;
        try {
            for (Element element = nextBlock(); element != null; element = nextBlock()) {
                WebmBlock block = WebmBlock.read(in, element);
                if (block.track() == tracks.leading().number()) {
                    long nanos = nanos(block);
                    if (nanos > target) {
                        break;
                    }
                    note(block, nanos);
                    last = isLeadingKey(block) ? place(block) : last;
                }
                in.skip(element);
            }
        } catch (EOFException | MediaFileException e) {
            return last;
        }
        return last;
    }

    /** The index (RFC 9559 §5.1.5), as far as it can be read: without it, the file is searched. */
    private void readCues() throws IOException {
        if (hasCues || header.cuesAt() < 0) {
            return;
        }
        hasCues = true;
        try {
            in.file().seek(header.cuesAt());
            Element cues = in.next(header.segmentEnd());
            if (cues.id() != WebmHeader.CUES) {
                return;
            }
            for (int i = 0; i < MAX_CUES && in.hasNext(cues.end()); i++) {
                Element point = in.next(cues.end());
                if (point.id() == CUE_POINT) {
                    readCue(point);
                }
                in.skip(point);
            }
        } catch (EOFException | MediaFileException e) {
            // What has been read is good enough.
        }
    }

    private void readCue(Element point) throws IOException {
        EbmlInput.limit(point, MAX_CUE_BYTES);
        long nanos = 0;
        while (in.hasNext(point.end())) {
            Element element = in.next(point.end());
            if (element.id() == CUE_TIME) {
                nanos = header.nanos(in.number(element)) - firstNanos;
            } else if (element.id() == CUE_POSITIONS) {
                readCuePositions(element, nanos);
            }
            in.skip(element);
        }
    }

    private void readCuePositions(Element positions, long nanos) throws IOException {
        EbmlInput.limit(positions, MAX_CUE_BYTES);
        long track = 0;
        long cluster = -1;
        while (in.hasNext(positions.end())) {
            Element element = in.next(positions.end());
            if (element.id() == CUE_TRACK) {
                track = in.number(element);
            } else if (element.id() == CUE_CLUSTER) {
                cluster = header.place(in.number(element));
            }
            in.skip(element);
        }
        if (track == tracks.leading().number() && cluster >= header.firstCluster()) {
            keyFrames.add(nanos, new Place(cluster, NO_CLUSTER, 0));
        }
    }

    @Override
    public void close() throws IOException {
        in.file().close();
    }
}
