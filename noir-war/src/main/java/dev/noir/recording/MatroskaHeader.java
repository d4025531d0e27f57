package dev.noir.recording;

import dev.noir.sdp.Codec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The first bytes of a file (RFC 9559), and what is written over some of them when it ends. Positions are those in the file.
 *
 * @param bytes everything before the first cluster
 * @param sizePosition where the segment's size is
 * @param segment where the segment's content begins, which positions within it count from
 * @param seekPosition of the space for the table of contents
 * @param durationPosition of the space for the duration
 * @param info where the segment's information is
 * @param tracks where the description of the tracks is
 */
@SuppressWarnings("ArrayRecordComponent") // Written, never compared.
record MatroskaHeader(
        byte[] bytes, int sizePosition, int segment, int seekPosition, int durationPosition, int info, int tracks) {
    static final int CLUSTER = 0x1F43B675;
    static final int CLUSTER_TIMESTAMP = 0xE7;
    static final int CUES = 0x1C53BB6B;
    static final int CUE_POINT = 0xBB;
    static final int CUE_TIME = 0xB3;
    static final int CUE_TRACK_POSITIONS = 0xB7;
    static final int CUE_TRACK = 0xF7;
    static final int CUE_CLUSTER_POSITION = 0xF1;

    private static final int EBML = 0x1A45DFA3;
    private static final int EBML_VERSION = 0x4286;
    private static final int EBML_READ_VERSION = 0x42F7;
    private static final int EBML_MAX_ID_LENGTH = 0x42F2;
    private static final int EBML_MAX_SIZE_LENGTH = 0x42F3;
    private static final int DOC_TYPE = 0x4282;
    private static final int DOC_TYPE_VERSION = 0x4287;
    private static final int DOC_TYPE_READ_VERSION = 0x4285;
    private static final int SEGMENT = 0x18538067;
    private static final int SEEK_HEAD = 0x114D9B74;
    private static final int SEEK = 0x4DBB;
    private static final int SEEK_ID = 0x53AB;
    private static final int SEEK_POSITION = 0x53AC;
    private static final int INFO = 0x1549A966;
    private static final int TIMESTAMP_SCALE = 0x2AD7B1;
    private static final int DURATION = 0x4489;
    private static final int DATE_UTC = 0x4461;
    private static final int MUXING_APP = 0x4D80;
    private static final int WRITING_APP = 0x5741;
    private static final int TRACKS = 0x1654AE6B;
    private static final int TRACK_ENTRY = 0xAE;
    private static final int TRACK_NUMBER = 0xD7;
    private static final int TRACK_UID = 0x73C5;
    private static final int TRACK_TYPE = 0x83;
    private static final int FLAG_LACING = 0x9C;
    private static final int CODEC_ID = 0x86;
    private static final int CODEC_PRIVATE = 0x63A2;
    private static final int SEEK_PRE_ROLL = 0x56BB;
    private static final int VIDEO = 0xE0;
    private static final int PIXEL_WIDTH = 0xB0;
    private static final int PIXEL_HEIGHT = 0xBA;
    private static final int AUDIO = 0xE1;
    private static final int SAMPLING_FREQUENCY = 0xB5;
    private static final int CHANNELS = 0x9F;

    private static final int TYPE_VIDEO = 1;
    private static final int TYPE_AUDIO = 2;
    private static final int OPUS_RATE = 48_000;
    private static final int OPUS_CHANNELS = 2;

    // RFC 7845 §4.6: what a decoder has to hear before it is right.
    private static final Duration OPUS_PRE_ROLL = Duration.ofMillis(80);

    private static final Duration SCALE = Duration.ofMillis(1);
    private static final Instant MATROSKA_EPOCH = Instant.parse("2001-01-01T00:00:00Z");
    private static final String APP = "noiR";

    // Of an element with an id of two bytes and a value of eight.
    private static final int DURATION_BYTES = 11;
    private static final int SEEK_HEAD_BYTES = 96;

    /** @param tracks number 1 first */
    static MatroskaHeader of(List<MediaFormat> tracks, Instant start) {
        boolean webm = tracks.stream().allMatch(MediaFormat::isWebm);
        Ebml file = new Ebml().master(EBML, head -> head.number(EBML_VERSION, 1)
                .number(EBML_READ_VERSION, 1)
                .number(EBML_MAX_ID_LENGTH, 4)
                .number(EBML_MAX_SIZE_LENGTH, 8)
                .text(DOC_TYPE, webm ? "webm" : "matroska")
                .number(DOC_TYPE_VERSION, 4)
                .number(DOC_TYPE_READ_VERSION, 2));
        file.open(SEGMENT);
        int segment = file.size();
        file.space(SEEK_HEAD_BYTES);
        int info = file.size();
        Ebml details = new Ebml()
                .number(TIMESTAMP_SCALE, SCALE.toNanos())
                .signed(DATE_UTC, Duration.between(MATROSKA_EPOCH, start).toNanos())
                .text(MUXING_APP, APP)
                .text(WRITING_APP, APP);
        file.head(INFO, details.size() + DURATION_BYTES).raw(details.toBytes());
        int duration = file.size();
        file.space(DURATION_BYTES);
        int described = file.size();
        file.master(TRACKS, all -> {
            for (int i = 0; i < tracks.size(); i++) {
                int number = i + 1;
                MediaFormat track = tracks.get(i);
                all.master(TRACK_ENTRY, entry -> describe(entry, number, track));
            }
        });
        return new MatroskaHeader(file.toBytes(), segment - Long.BYTES, segment, segment, duration, info, described);
    }

    private static void describe(Ebml entry, int number, MediaFormat track) {
        entry.number(TRACK_NUMBER, number)
                .number(TRACK_UID, number)
                .number(TRACK_TYPE, track.isVideo() ? TYPE_VIDEO : TYPE_AUDIO)
                .number(FLAG_LACING, 0)
                .text(CODEC_ID, codecId(track));
        if (track.isVideo()) {
            if (track.codec() != Codec.VP9
                    && track.codecPrivate().length > 0) { // Matroska's of VP9 is another one, and optional.
                entry.binary(CODEC_PRIVATE, track.codecPrivate());
            }
            entry.master(
                    VIDEO, video -> video.number(PIXEL_WIDTH, track.width()).number(PIXEL_HEIGHT, track.height()));
        } else {
            entry.binary(CODEC_PRIVATE, opusHead())
                    .number(SEEK_PRE_ROLL, OPUS_PRE_ROLL.toNanos())
                    .master(AUDIO, audio -> audio.real(SAMPLING_FREQUENCY, OPUS_RATE)
                            .number(CHANNELS, OPUS_CHANNELS));
        }
    }

    private static String codecId(MediaFormat track) {
        return switch (track.codec()) {
            case OPUS, RED -> "A_OPUS";
            case VP8 -> "V_VP8";
            case VP9 -> "V_VP9";
            case AV1 -> "V_AV1";
            case H264 -> "V_MPEG4/ISO/AVC";
        };
    }

    /** RFC 7845 §5.1; nothing is to be skipped, since what is recorded began before. Its numbers are little-endian. */
    private static byte[] opusHead() {
        return new Ebml()
                .raw("OpusHead".getBytes(StandardCharsets.US_ASCII))
                .raw(1, 1)
                .raw(OPUS_CHANNELS, 1)
                .raw(0, 2)
                .raw(Integer.toUnsignedLong(Integer.reverseBytes(OPUS_RATE)), Integer.BYTES)
                .raw(0, 2)
                .raw(0, 1)
                .toBytes();
    }

    /**
     * To be written at {@code seekPosition}.
     *
     * @param cues where the index is
     */
    byte[] tableOfContents(long cues) {
        Ebml table = new Ebml();
        table.master(SEEK_HEAD, all -> {
            seek(all, INFO, info);
            seek(all, TRACKS, tracks);
            seek(all, CUES, cues);
        });
        return table.space(SEEK_HEAD_BYTES - table.size()).toBytes();
    }

    private void seek(Ebml all, int id, long position) {
        all.master(SEEK, one -> one.binary(
                        SEEK_ID,
                        new Ebml()
                                .raw(Integer.toUnsignedLong(id), Integer.BYTES)
                                .toBytes())
                .number(SEEK_POSITION, position - segment));
    }

    /** To be written at {@code durationPosition}. */
    static byte[] duration(long milliseconds) {
        return new Ebml().real(DURATION, (double) milliseconds).toBytes();
    }
}
