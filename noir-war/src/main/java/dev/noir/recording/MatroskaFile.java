package dev.noir.recording;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Matroska (RFC 9559): its pieces are clusters, and what only the end knows is its length and its index. Thread: one at a time; it blocks. */
final class MatroskaFile implements ContainerFile {
    private static final long MAX_CLUSTER_MS = TimeUnit.MICROSECONDS.toMillis(MAX_PIECE_MICROS);
    private static final int FIRST_CUES = 64;

    // Given.
    private final WrittenFile file;
    private final MatroskaHeader header;
    private final boolean hasVideo;
    private final List<MediaFormat> tracks;

    // Owned.
    private final Ebml cluster = new Ebml();

    // State.
    private long clusterMs;
    private long lastMs;
    private int clusterContent; // Where in `cluster`.
    private boolean clusterSeekable;
    private boolean open;

    // Pairs of a time in ms and the position of a cluster that a decoder can begin with.
    private long[] cues = new long[FIRST_CUES];
    private int cued;

    /**
     * Begins it.
     *
     * @param tracks number 1 first
     * @param start when the first of what it shows happened
     */
    MatroskaFile(SeekableByteChannel channel, List<MediaFormat> tracks, Instant start) throws IOException {
        this.file = new WrittenFile(channel);
        this.tracks = List.copyOf(tracks);
        this.hasVideo = tracks.stream().anyMatch(MediaFormat::isVideo);
        this.header = MatroskaHeader.of(tracks, start);
        file.write(header.bytes());
    }

    @Override
    public void add(int track, long micros, boolean key, byte[] frame) throws IOException {
        long ms = PartClock.ms(micros);
        boolean begins = key && tracks.get(track - 1).isVideo();
        if (open && (begins || ms - clusterMs >= MAX_CLUSTER_MS || cluster.size() + frame.length > MAX_PIECE_BYTES)) {
            flush();
        }
        if (!open) {
            open(ms, begins || !hasVideo);
        }
        lastMs = Math.max(lastMs, ms);
        MatroskaBlock.write(cluster, track, ms - clusterMs, key, frame);
    }

    private void open(long ms, boolean seekable) {
        open = true;
        clusterMs = ms;
        clusterSeekable = seekable;
        cluster.clear();
        clusterContent = cluster.open(MatroskaHeader.CLUSTER).size();
        cluster.number(MatroskaHeader.CLUSTER_TIMESTAMP, ms);
    }

    /** Writes what has not been written: the cluster so far, all at once. */
    void flush() throws IOException {
        if (!open) {
            return;
        }
        open = false;
        if (clusterSeekable) {
            cue(clusterMs, file.size());
        }
        cluster.close(clusterContent);
        file.write(cluster.view());
    }

    private void cue(long ms, long position) {
        if (cued == cues.length) {
            cues = Arrays.copyOf(cues, 2 * cued);
        }
        cues[cued++] = ms;
        cues[cued++] = position;
    }

    @Override
    public long lengthMs() {
        return lastMs;
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void finish() throws IOException {
        try (file) {
            flush();
            long index = file.size();
            Ebml points = new Ebml();
            for (int i = 0; i < cued; i += 2) {
                long ms = cues[i];
                long position = cues[i + 1] - header.segment();
                points.master(MatroskaHeader.CUE_POINT, point -> point.number(MatroskaHeader.CUE_TIME, ms)
                        .master(MatroskaHeader.CUE_TRACK_POSITIONS, at -> at.number(
                                        MatroskaHeader.CUE_TRACK, cueTrack())
                                .number(MatroskaHeader.CUE_CLUSTER_POSITION, position)));
            }
            file.write(new Ebml()
                    .head(MatroskaHeader.CUES, points.size())
                    .raw(points.toBytes())
                    .toBytes());
            long end = file.size();
            file.overwrite(header.durationPosition(), MatroskaHeader.duration(lastMs));
            file.overwrite(header.seekPosition(), header.tableOfContents(index));
            file.overwrite(header.sizePosition(), Ebml.sizeOf(end - header.segment()));
        }
    }

    @Override
    public void abandon() throws IOException {
        file.close();
    }

    private int cueTrack() {
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).isVideo()) {
                return i + 1;
            }
        }
        return 1;
    }
}
