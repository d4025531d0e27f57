package dev.noir.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A file of Matroska (RFC 9559) that is being written. What has been written so far can be played at any moment: clusters are whole,
 * and of at most three quarters of a second. What only the end knows (duration, index) is put in by {@link #finish}. Thread: one at a time; it blocks.
 */
final class MatroskaFile {
    private static final int MAX_CLUSTER_MS = 750;
    private static final int MAX_CLUSTER_BYTES = 4 << 20;
    private static final int FIRST_CUES = 64;

    // Given.
    private final SeekableByteChannel channel;
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
    private long size;

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
        this.channel = channel;
        this.tracks = List.copyOf(tracks);
        this.hasVideo = tracks.stream().anyMatch(MediaFormat::isVideo);
        this.header = MatroskaHeader.of(tracks, start);
        write(header.bytes());
    }

    /**
     * Adds a frame. Frames come in the order of their times.
     *
     * @param track its number, from 1 on
     * @param ms since the file's start, not less than before
     */
    void add(int track, long ms, boolean key, byte[] frame) throws IOException {
        boolean begins = key && tracks.get(track - 1).isVideo();
        if (open && (begins || ms - clusterMs >= MAX_CLUSTER_MS || cluster.size() + frame.length > MAX_CLUSTER_BYTES)) {
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
            cue(clusterMs, channel.position());
        }
        cluster.close(clusterContent);
        write(cluster.view());
    }

    private void cue(long ms, long position) {
        if (cued == cues.length) {
            cues = Arrays.copyOf(cues, 2 * cued);
        }
        cues[cued++] = ms;
        cues[cued++] = position;
    }

    /** How far it is, in ms since its start. */
    long lengthMs() {
        return lastMs;
    }

    /** Bytes on disk. */
    long size() {
        return size;
    }

    /** Writes the rest, and closes the channel, also when that fails. */
    void finish() throws IOException {
        try (channel) {
            flush();
            long index = channel.position();
            Ebml points = new Ebml();
            for (int i = 0; i < cued; i += 2) {
                long ms = cues[i];
                long position = cues[i + 1] - header.segment();
                points.master(MatroskaHeader.CUE_POINT, point -> point.number(MatroskaHeader.CUE_TIME, ms)
                        .master(MatroskaHeader.CUE_TRACK_POSITIONS, at -> at.number(
                                        MatroskaHeader.CUE_TRACK, cueTrack())
                                .number(MatroskaHeader.CUE_CLUSTER_POSITION, position)));
            }
            write(new Ebml()
                    .head(MatroskaHeader.CUES, points.size())
                    .raw(points.toBytes())
                    .toBytes());
            long end = channel.position();
            overwrite(header.durationPosition(), MatroskaHeader.duration(lastMs));
            overwrite(header.seekPosition(), header.tableOfContents(index));
            overwrite(header.sizePosition(), Ebml.sizeOf(end - header.segment()));
        }
    }

    /** Ends it as it is, without writing anything. */
    void abandon() throws IOException {
        channel.close();
    }

    private int cueTrack() {
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).isVideo()) {
                return i + 1;
            }
        }
        return 1;
    }

    private void overwrite(long position, byte[] bytes) throws IOException {
        channel.position(position);
        write(bytes);
    }

    private void write(byte[] bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    private void write(ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        size = Math.max(size, channel.position());
    }
}
