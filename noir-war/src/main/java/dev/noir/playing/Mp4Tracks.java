package dev.noir.playing;

import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tracks of a movie (ISO/IEC 14496-12 §8.3).
 *
 * @param played the first of video and the first of audio that can be played
 */
record Mp4Tracks(List<Entry> played) {
    private static final int MAX_TRACKS = 128;
    private static final int MAX_PRIVATE_BYTES = 1 << 16;
    private static final int VERSION_1_MORE = 8; // Two times of eight octets in the place of four.
    private static final int STEREO = 2;
    private static final byte[] NOTHING = new byte[0];

    // Where boxes begin in what says what samples are (§12.1.3, §12.2.3).
    private static final int IN_PICTURE = 78;
    private static final int IN_SOUND = 28;

    // §8.6.6: nothing is to be shown yet.
    private static final int EMPTY_EDIT = -1;

    /**
     * One that is played.
     *
     * @param scale units of its times in a second
     * @param delay nanoseconds that its samples are to be shown earlier than their times say
     * @param table where its samples are, if not in fragments
     * @param duration of a sample that does not say it, in units
     * @param size of one that does not say it
     * @param flags of one that does not say them
     */
    record Entry(SourceTrack track, long scale, long delay, Mp4Box table, long duration, long size, long flags) {
        /** In nanoseconds. */
        long nanos(long units) throws MediaFileException {
            return Mp4Tracks.nanos(units, scale);
        }
    }

    /** What a sample entry says. */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    private record Found(Codec codec, byte[] configuration, int width, int height) {}

    /**
     * Reads them.
     *
     * @throws MediaFileException none of them can be played; in words
     */
    static Mp4Tracks read(Mp4Box movie) throws MediaFileException {
        long movieScale = scale(movie.get("mvhd"));
        List<Entry> played = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<Mp4Box> tracks = movie.all("trak");
        if (tracks.size() > MAX_TRACKS) {
            throw movie.broken();
        }
        for (Mp4Box track : tracks) {
            Mp4Box descriptions = track.get("mdia", "minf", "stbl", "stsd");
            List<Mp4Box> entries = descriptions.children(8);
            if (entries.isEmpty()) {
                throw descriptions.broken();
            }
            Optional<Found> found = find(entries.get(0), others);
            if (found.isPresent()
                    && played.stream()
                            .noneMatch(other ->
                                    other.track.kind() == found.get().codec.kind())) {
                played.add(entry(movie, track, found.get(), movieScale));
            }
        }
        if (played.isEmpty()) {
            throw new MediaFileException("none of its tracks can be played: " + String.join(", ", others)
                    + "; VP8, VP9, AV1, H264 and Opus can");
        }
        return new Mp4Tracks(List.copyOf(played));
    }

    /** Empty: it cannot be played, which is noted in words. */
    private static Optional<Found> find(Mp4Box entry, List<String> others) throws MediaFileException {
        String name = Printable.fourCharacters(entry.type());
        switch (name) {
            case "avc1" -> {
                byte[] configuration = configuration(entry, IN_PICTURE, "avcC", 0);
                if (H264Units.isConfiguration(configuration)) {
                    return picture(Codec.H264, configuration, entry);
                }
                others.add(name + " without parameter sets");
            }
            case "av01" -> {
                return picture(Codec.AV1, configuration(entry, IN_PICTURE, "av1C", 0), entry);
            }
            case "vp09" -> {
                byte[] configuration = configuration(entry, IN_PICTURE, "vpcC", Integer.BYTES);
                // As Matroska has it: feature 1, of one octet, is the profile.
                return picture(Codec.VP9, new byte[] {1, 1, configuration.length > 0 ? configuration[0] : 0}, entry);
            }
            case "vp08" -> {
                return picture(Codec.VP8, NOTHING, entry);
            }
            case "Opus" -> {
                byte[] head = configuration(entry, IN_SOUND, "dOps", 0);
                boolean plain = head.length > 10 && head[0] == 0 && head[1] >= 1 && head[1] <= STEREO && head[10] == 0;
                if (plain) {
                    return Optional.of(new Found(Codec.OPUS, NOTHING, 0, 0));
                }
                others.add(name + " of more than two channels");
            }
            case "encv", "enca" -> others.add("an encrypted one");
            default -> others.add(name);
        }
        return Optional.empty();
    }

    private static Optional<Found> picture(Codec codec, byte[] configuration, Mp4Box entry) throws MediaFileException {
        return Optional.of(new Found(
                codec, configuration, (int) entry.number(24, Short.BYTES), (int) entry.number(26, Short.BYTES)));
    }

    private static byte[] configuration(Mp4Box entry, int at, String name, int skipped) throws MediaFileException {
        int wanted = Mp4Box.type(name);
        for (Mp4Box box : entry.children(at)) {
            if (box.type() == wanted) {
                if (box.size() > MAX_PRIVATE_BYTES) {
                    throw box.broken();
                }
                return box.bytes(skipped);
            }
        }
        return NOTHING;
    }

    private static Entry entry(Mp4Box movie, Mp4Box track, Found found, long movieScale) throws MediaFileException {
        Mp4Box head = track.get("tkhd");
        long number = head.number(12 + more(head), Integer.BYTES);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw head.broken();
        }
        long scale = scale(track.get("mdia", "mdhd"));
        SourceTrack source = new SourceTrack((int) number, found.codec, found.configuration, found.width, found.height);
        long delay = delay(track, scale, movieScale);
        Mp4Box table = track.get("mdia", "minf", "stbl");
        Optional<Mp4Box> extension = movie.find("mvex");
        if (extension.isPresent()) {
            for (Mp4Box box : extension.get().all("trex")) {
                if (box.number(4, Integer.BYTES) == number) {
                    return new Entry(
                            source, scale, delay, table, box.number(12, 4), box.number(16, 4), box.number(20, 4));
                }
            }
        }
        return new Entry(source, scale, delay, table, 0, 0, 0);
    }

    private static int more(Mp4Box box) throws MediaFileException {
        return box.version() == 1 ? VERSION_1_MORE : 0;
    }

    private static long scale(Mp4Box box) throws MediaFileException {
        long scale = box.number(12 + more(box), Integer.BYTES);
        if (scale == 0) {
            throw box.broken();
        }
        return scale;
    }

    /** The first edit (§8.6.6): where its samples begin to be shown, or what stands before them. */
    private static long delay(Mp4Box track, long scale, long movieScale) throws MediaFileException {
        Optional<Mp4Box> list = track.find("edts", "elst");
        if (list.isEmpty()) {
            return 0;
        }
        Mp4Box edits = list.get();
        int octets = edits.timeOctets();
        int step = 2 * octets + Integer.BYTES;
        long delay = 0;
        long count = Math.min(edits.number(4, Integer.BYTES), 2);
        for (int i = 0; i < count; i++) {
            int at = 8 + i * step;
            long length = edits.number(at, octets);
            boolean empty = edits.signed(at + octets + octets - Integer.BYTES) == EMPTY_EDIT;
            if (!empty) {
                delay += nanos(edits.number(at + octets, octets), scale);
                break;
            }
            delay -= nanos(length, movieScale);
        }
        if (Math.abs(delay) > Timeline.MAX_TIME.toNanos()) {
            throw edits.broken();
        }
        return delay;
    }

    static long nanos(long units, long scale) throws MediaFileException {
        long second = Duration.ofSeconds(1).toNanos();
        if (Math.abs(units) / scale > Timeline.MAX_TIME.toSeconds()) {
            throw new MediaFileException("the file has impossible times");
        }
        return units / scale * second + units % scale * second / scale;
    }

    /** Samples that have more bytes than their file are made up: who goes through them need not come to an end. */
    static void checkSize(long samples, long file) throws MediaFileException {
        if (samples > file) {
            throw new MediaFileException("the file says that it has more media than it has bytes");
        }
    }

    /**
     * A sample of one of them.
     *
     * @param units when it is decoded
     * @param shift by how many units it is shown later
     * @param key of video
     */
    static Mp4Samples.Sample sample(Entry entry, long units, long shift, long position, long size, boolean key)
            throws MediaFileException {
        boolean start = key || entry.track.kind() == MediaKind.AUDIO;
        return new Mp4Samples.Sample(
                entry.track, entry.nanos(units), entry.nanos(units + shift) - entry.delay, position, size, start);
    }

    /** As the movie says; empty: it does not. */
    static Optional<Duration> duration(Mp4Box movie) throws MediaFileException {
        Mp4Box head = movie.get("mvhd");
        Optional<Mp4Box> whole = movie.find("mvex", "mehd");
        long units = head.version() == 1 && head.signed(24) == -1 ? 0 : head.number(16 + more(head), head.timeOctets());
        if (whole.isPresent()) {
            units = whole.get().number(4, whole.get().timeOctets());
        }
        long nanos = units == 0xFFFFFFFFL ? 0 : nanos(units, scale(head)); // All ones: it is not known.
        return nanos > 0 && nanos <= Timeline.MAX_TIME.toNanos()
                ? Optional.of(Duration.ofNanos(nanos))
                : Optional.empty();
    }

    List<SourceTrack> sources() {
        return played.stream().map(Entry::track).toList();
    }

    /** The one with this number, if it is played. */
    Optional<Entry> find(long number) {
        return played.stream().filter(entry -> entry.track.number() == number).findFirst();
    }

    SourceTrack leading() {
        return SourceTrack.leading(sources());
    }
}
