package dev.noir.playing;

import dev.noir.playing.EbmlInput.Element;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tracks of a file of Matroska (RFC 9559 §5.1.4).
 *
 * @param played the first of video and the first of audio that can be played
 */
record WebmTracks(List<Entry> played) {
    private static final int ENTRY = 0xAE;
    private static final int NUMBER = 0xD7;
    private static final int CODEC_ID = 0x86;
    private static final int CODEC_PRIVATE = 0x63A2;
    private static final int CODEC_DELAY = 0x56AA;
    private static final int ENCODINGS = 0x6D80;
    private static final int VIDEO = 0xE0;
    private static final int WIDTH = 0xB0;
    private static final int HEIGHT = 0xBA;

    private static final int MAX_ENTRIES = 128;
    private static final int MAX_BYTES = 8 << 20; // Of all of them, whose subtitles may bring fonts along.
    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_PRIVATE_BYTES = 1 << 16;
    private static final int MAX_PIXELS = 1 << 14;
    private static final long MAX_DELAY_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * One that is played.
     *
     * @param delay nanoseconds that its frames are to be shown earlier than their times say
     */
    record Entry(SourceTrack track, long delay) {}

    /** As it stands in the file. */
    private static final class Raw {
        private long number;
        private String codec = "";
        private byte[] codecPrivate = new byte[0];
        private long delay;
        private boolean isEncoded;
        private long width;
        private long height;
    }

    /**
     * Reads them.
     *
     * @throws MediaFileException none of them can be played; in words
     */
    static WebmTracks read(EbmlInput in, Element tracks) throws IOException {
        EbmlInput.limit(tracks, MAX_BYTES);
        List<Entry> played = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int i = 0; in.hasNext(tracks.end()); i++) {
            Element element = in.next(tracks.end());
            if (i == MAX_ENTRIES) {
                throw MediaFileException.brokenAt(element.start());
            }
            if (element.id() == ENTRY) {
                Raw raw = entry(in, element);
                String why = whyNot(raw);
                if (why.isEmpty()) {
                    add(raw, played);
                } else {
                    others.add(why);
                }
            }
            in.skip(element);
        }
        if (played.isEmpty()) {
            throw new MediaFileException("none of its tracks can be played: " + String.join(", ", others)
                    + "; VP8, VP9, AV1, H264 and Opus can");
        }
        return new WebmTracks(List.copyOf(played));
    }

    private static Raw entry(EbmlInput in, Element entry) throws IOException {
        EbmlInput.limit(entry, MAX_BYTES);
        Raw raw = new Raw();
        while (in.hasNext(entry.end())) {
            Element element = in.next(entry.end());
            switch (element.id()) {
                case NUMBER -> raw.number = in.number(element);
                case CODEC_ID -> raw.codec = Printable.text(in.bytes(element, MAX_NAME_BYTES));
                case CODEC_PRIVATE -> raw.codecPrivate = in.bytes(element, MAX_PRIVATE_BYTES);
                case CODEC_DELAY -> raw.delay = in.number(element);
                case ENCODINGS -> raw.isEncoded = true;
                case VIDEO -> readVideo(in, element, raw);
                default -> {} // Of no matter for playing.
            }
            in.skip(element);
        }
        if (raw.number < 1 || raw.number > Integer.MAX_VALUE || raw.delay > MAX_DELAY_NANOS) {
            throw MediaFileException.brokenAt(entry.start());
        }
        return raw;
    }

    private static void readVideo(EbmlInput in, Element video, Raw raw) throws IOException {
        EbmlInput.limit(video, MAX_PRIVATE_BYTES);
        while (in.hasNext(video.end())) {
            Element element = in.next(video.end());
            if (element.id() == WIDTH) {
                raw.width = in.number(element);
            } else if (element.id() == HEIGHT) {
                raw.height = in.number(element);
            }
            in.skip(element);
        }
        if (raw.width > MAX_PIXELS || raw.height > MAX_PIXELS) {
            throw MediaFileException.brokenAt(video.start());
        }
    }

    /** In words; empty: it can be played. */
    private static String whyNot(Raw raw) {
        Optional<Codec> codec = codec(raw.codec);
        if (codec.isEmpty()) {
            return raw.codec.isEmpty() ? "one without a codec" : raw.codec;
        }
        if (raw.isEncoded) {
            return raw.codec + ", compressed again or encrypted";
        }
        return switch (codec.get()) {
            case H264 -> H264Units.isConfiguration(raw.codecPrivate) ? "" : raw.codec + " without parameter sets";
            case OPUS ->
                raw.codecPrivate.length == 0 || (Opus.isHead(raw.codecPrivate) && Opus.isPlayable(raw.codecPrivate))
                        ? ""
                        : raw.codec + " of more than two channels";
            case VP8, VP9, AV1, RED -> "";
        };
    }

    private static Optional<Codec> codec(String id) {
        return switch (id) {
            case "V_VP8" -> Optional.of(Codec.VP8);
            case "V_VP9" -> Optional.of(Codec.VP9);
            case "V_AV1" -> Optional.of(Codec.AV1);
            case "V_MPEG4/ISO/AVC" -> Optional.of(Codec.H264);
            case "A_OPUS" -> Optional.of(Codec.OPUS);
            default -> Optional.empty();
        };
    }

    private static void add(Raw raw, List<Entry> played) {
        Codec codec = codec(raw.codec).orElseThrow();
        if (played.stream().noneMatch(other -> other.track.kind() == codec.kind())) {
            SourceTrack track =
                    new SourceTrack((int) raw.number, codec, raw.codecPrivate, (int) raw.width, (int) raw.height);
            played.add(new Entry(track, raw.delay));
        }
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

    /** Whether what was played can go on with these. */
    boolean isLike(WebmTracks other) {
        return played.size() == other.played.size()
                && played.stream().allMatch(entry -> other.find(entry.track.number())
                        .map(found -> found.track.codec() == entry.track.codec())
                        .orElse(false));
    }
}
