package dev.noir.playing;

import dev.noir.sdp.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opus in Ogg (RFC 7845). Of what is muxed, the first stream of Opus is played; of what is chained, the first link. Thread: one at a time;
 * it blocks.
 */
final class OggFile implements FrameSource {
    private static final int TRACK = 1;
    private static final int MAX_STREAMS = 64;

    // RFC 7845 §3: the largest that one of two channels can be.
    private static final int MAX_PACKET_BYTES = 61_440;

    // That holds the last page, whole.
    private static final int TAIL_BYTES = 1 << 17;

    /** Where reading can begin: a page, and what it begins with, in samples. */
    private record Place(long position, long samples) {}

    // Owned.
    private final FileBytes file;
    private final KeyFrames<Place> places = new KeyFrames<>();
    private final Deque<SourceFrame> frames = new ArrayDeque<>();
    private final ByteArrayOutputStream partial =
            new ByteArrayOutputStream(); // Of a packet that goes on on the next page.

    // As its header says.
    private final SourceTrack track;
    private final int serial;
    private final Place beginning;
    private final long preSkip;
    private final Optional<Duration> duration;

    // State.
    private long samples;
    private int sequence;
    private boolean hasBegun;
    private boolean ended;
    private Place lastPage;

    OggFile(FileBytes file) throws IOException {
        this.file = file;
        OggPage head = findHead(file);
        serial = head.serial();
        preSkip = Opus.preSkip(head.body());
        track = new SourceTrack(TRACK, Codec.OPUS, head.body(), 0, 0);
        beginning = findBeginning();
        hasBegun = true;
        lastPage = beginning;
        duration = findEnd();
        go(beginning);
    }

    /** All streams begin before any goes on. */
    private static OggPage findHead(FileBytes file) throws IOException {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < MAX_STREAMS; i++) {
            OggPage page = OggPage.next(file);
            if (page == null || !page.isFirst()) {
                break;
            }
            if (!Opus.isHead(page.body())) {
                others.add(Printable.text(page.body()));
            } else if (Opus.isPlayable(page.body())) {
                return page;
            } else {
                others.add("Opus of more than two channels");
            }
        }
        throw new MediaFileException("none of its streams can be played: " + String.join(", ", others) + "; Opus can");
    }

    /** The header's second packet is of no matter, and may be large; sound begins on the page after it. */
    private Place findBeginning() throws IOException {
        OggPage page = nextPage();
        while (page != null && !page.endsPacket()) {
            page = nextPage();
        }
        long position = file.position();
        OggPage first = page == null ? null : nextPage();
        if (first == null) {
            throw new MediaFileException("the file has no media");
        }
        sequence = first.sequence() - 1;
        long length = samples(packets(first));
        boolean known = !first.isLast() && first.granule() >= length;
        return new Place(position, known ? first.granule() - length : 0);
    }

    private Optional<Duration> findEnd() throws IOException {
        file.seek(Math.max(beginning.position, file.size() - TAIL_BYTES));
        long end = -1;
        for (OggPage page = OggPage.next(file); page != null; page = OggPage.next(file)) {
            end = page.serial() == serial && page.granule() > 0 ? page.granule() : end;
        }
        long length = end - beginning.samples - preSkip;
        return end < 0 || length <= 0 || length > Timeline.MAX_TIME.toSeconds() * Opus.RATE
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Opus.nanos(length)));
    }

    private void go(Place place) {
        file.seek(place.position);
        samples = place.samples;
        frames.clear();
        partial.reset();
        ended = false;
    }

    @Override
    public List<SourceTrack> tracks() {
        return List.of(track);
    }

    @Override
    public Optional<Duration> duration() {
        return duration;
    }

    @Override
    public @Nullable SourceFrame next() throws IOException {
        while (frames.isEmpty() && !ended) {
            OggPage page = nextPage();
            if (page == null) {
                ended = true;
            } else {
                read(page);
            }
        }
        return frames.poll();
    }

    /** The next of our stream; null: there is none, or another stream begins. */
    private @Nullable OggPage nextPage() throws IOException {
        OggPage page = OggPage.next(file);
        while (page != null && page.serial() != serial) {
            if (page.isFirst() && hasBegun) {
                return null;
            }
            page = OggPage.next(file);
        }
        return page == null || page.isFirst() ? null : page;
    }

    private void read(OggPage page) throws IOException {
        List<byte[]> packets = packets(page);
        long length = samples(packets);
        // The last page may say that it ends earlier than its packets do.
        if (!page.isLast() && page.granule() >= length) {
            samples = page.granule() - length;
        }
        long nanos = nanos(samples);
        if (!packets.isEmpty() && !page.isContinued()) {
            lastPage = new Place(page.start(), samples);
            places.add(nanos, lastPage);
        }
        for (byte[] packet : packets) {
            if (Opus.samples(packet) > 0) {
                frames.add(new SourceFrame(TRACK, Duration.ofNanos(nanos(samples)), true, packet));
                samples += Opus.samples(packet);
            }
        }
    }

    private long nanos(long at) throws MediaFileException {
        long relative = at - beginning.samples - preSkip;
        if (Math.abs(relative) > Timeline.MAX_TIME.toSeconds() * Opus.RATE) {
            throw new MediaFileException("the file has impossible times");
        }
        return Opus.nanos(relative);
    }

    private static long samples(List<byte[]> packets) {
        return packets.stream().mapToLong(Opus::samples).sum();
    }

    /** That end on this page. */
    private List<byte[]> packets(OggPage page) {
        boolean follows = page.sequence() == sequence + 1;
        sequence = page.sequence();
        if (!follows || !page.isContinued()) {
            partial.reset();
        }
        boolean headless = page.isContinued() && partial.size() == 0; // Its beginning has been lost.
        List<byte[]> packets = new ArrayList<>();
        int at = 0;
        for (byte each : page.lacing()) {
            int size = each & 0xFF;
            partial.write(page.body(), at, Math.min(size, Math.max(0, MAX_PACKET_BYTES - partial.size())));
            at += size;
            if (size == 0xFF) {
                continue;
            }
            if (!headless && partial.size() > 0) {
                packets.add(partial.toByteArray());
            }
            headless = false;
            partial.reset();
        }
        if (headless) {
            partial.reset();
        }
        return packets;
    }

    @Override
    public void seek(Duration to) throws IOException {
        long target = to.compareTo(Timeline.MAX_TIME) < 0 ? to.toNanos() : Timeline.MAX_TIME.toNanos();
        Place known = places.before(target);
        Place found = known == null ? beginning : known;
        go(found);
        SourceFrame first = next();
        while (first != null && first.time().toNanos() <= target) {
            found = lastPage;
            frames.clear();
            first = next();
        }
        go(found);
        skipTo(target);
    }

    private void skipTo(long target) throws IOException {
        SourceFrame last = next();
        for (SourceFrame next = frames.peek(); next != null && next.time().toNanos() <= target; next = frames.peek()) {
            last = frames.remove();
        }
        if (last != null) {
            frames.addFirst(last);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
