package dev.noir.recording;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The first bytes of a file (ISO/IEC 14496-12): what it is, and a movie without any samples, which fragments bring.
 *
 * @param bytes everything before the first fragment
 * @param lengthPosition of the space for the length, in the file
 */
@SuppressWarnings("ArrayRecordComponent") // Written, never compared.
record Mp4Header(byte[] bytes, int lengthPosition) {
    private static final Instant ISO_EPOCH = Instant.parse("1904-01-01T00:00:00Z");
    private static final int MOVIE_SCALE = 1000;
    private static final int LENGTH_BYTES = 20;
    private static final int FIXED_ONE = 0x00010000; // 16.16
    private static final int FULL_VOLUME = 0x0100; // 8.8
    private static final int UNDETERMINED = 0x55C4; // "und" in three times five bits.
    private static final int ENABLED_IN_MOVIE = 3;
    private static final int SAME_FILE = 1;
    private static final int DPI_72 = 0x00480000; // 16.16
    private static final int DEPTH_24 = 0x18;
    private static final int CHANNELS = 2;
    private static final int SAMPLE_BITS = 16;

    // Encapsulation of Opus §4.3.6.2: 80 ms, in packets of 10 ms, the shortest ones that browsers send.
    private static final int PRE_ROLL = -8;

    /** @param tracks number 1 first */
    static Mp4Header of(List<Mp4Track> tracks, Instant start) {
        long created = Duration.between(ISO_EPOCH, start).toSeconds();
        int[] length = new int[1];
        Boxes file = new Boxes();
        // iso6 is the first to have tfdt and places that count from their fragment.
        file.box("ftyp", box -> box.characters("iso6").number(0, 4).characters("iso6mp41"));
        file.box("moov", moov -> {
            moov.full("mvhd", 1, 0, box -> {
                box.number(created, 8).number(created, 8).number(MOVIE_SCALE, 4).number(0, 8);
                box.number(FIXED_ONE, 4).number(FULL_VOLUME, 2).zeros(10);
                matrix(box).zeros(24).number(tracks.size() + 1L, 4);
            });
            tracks.forEach(track -> moov.box("trak", trak -> describe(trak, track, created)));
            moov.box("mvex", mvex -> {
                length[0] = mvex.size();
                mvex.space(LENGTH_BYTES);
                tracks.forEach(track -> defaults(mvex, track));
            });
        });
        return new Mp4Header(file.toBytes(), length[0]);
    }

    /** To be written at {@code lengthPosition}. */
    static byte[] length(long milliseconds) {
        return new Boxes()
                .full("mehd", 1, 0, box -> box.number(milliseconds, 8))
                .toBytes();
    }

    private static Boxes matrix(Boxes box) {
        return box.number(FIXED_ONE, 4).zeros(12).number(FIXED_ONE, 4).zeros(12).number(0x40000000, 4);
    }

    private static void describe(Boxes trak, Mp4Track track, long created) {
        MediaFormat format = track.format();
        boolean video = format.isVideo();
        trak.full("tkhd", 1, ENABLED_IN_MOVIE, box -> {
            box.number(created, 8).number(created, 8).number(track.number(), 4).zeros(4 + 8 + 8);
            box.zeros(4).number(video ? 0 : FULL_VOLUME, 2).zeros(2);
            matrix(box).number((long) format.width() << 16, 4).number((long) format.height() << 16, 4);
        });
        trak.box("mdia", mdia -> {
            mdia.full("mdhd", 1, 0, box -> box.number(created, 8)
                    .number(created, 8)
                    .number(track.scale(), 4)
                    .zeros(8)
                    .number(UNDETERMINED, 2)
                    .zeros(2));
            mdia.full("hdlr", 0, 0, box -> box.zeros(4)
                    .characters(video ? "vide" : "soun")
                    .zeros(12)
                    .characters("noiR")
                    .zeros(1));
            mdia.box("minf", minf -> {
                if (video) {
                    minf.full("vmhd", 0, 1, box -> box.zeros(8));
                } else {
                    minf.full("smhd", 0, 0, box -> box.zeros(4));
                }
                minf.box(
                        "dinf",
                        dinf -> dinf.full("dref", 0, 0, box -> box.number(1, 4).full("url ", 0, SAME_FILE, url -> {})));
                minf.box("stbl", stbl -> samples(stbl, format));
            });
        });
    }

    /** None of them, but what they will be. */
    private static void samples(Boxes stbl, MediaFormat format) {
        stbl.full("stsd", 0, 0, box -> {
            box.number(1, 4);
            if (format.isVideo()) {
                picture(box, format);
            } else {
                sound(box);
            }
        });
        stbl.full("stts", 0, 0, box -> box.zeros(4));
        stbl.full("stsc", 0, 0, box -> box.zeros(4));
        stbl.full("stsz", 0, 0, box -> box.zeros(8));
        stbl.full("stco", 0, 0, box -> box.zeros(4));
        if (!format.isVideo()) {
            stbl.full("sgpd", 1, 0, box -> box.characters("roll")
                    .number(2, 4)
                    .number(1, 4)
                    .number(PRE_ROLL, 2));
            preRoll(stbl, 0);
        }
    }

    /** So many samples need what has been said of pre-roll: all of them. */
    static void preRoll(Boxes to, int samples) {
        to.full("sbgp", 0, 0, box -> {
            box.characters("roll").number(samples > 0 ? 1 : 0, 4);
            if (samples > 0) {
                box.number(samples, 4).number(1, 4);
            }
        });
    }

    private static void picture(Boxes stsd, MediaFormat format) {
        stsd.box(sampleEntry(format), entry -> {
            entry.zeros(6).number(1, 2).zeros(16);
            entry.number(format.width(), 2).number(format.height(), 2);
            entry.number(DPI_72, 4).number(DPI_72, 4).zeros(4).number(1, 2).zeros(32);
            entry.number(DEPTH_24, 2).number(-1, 2);
            switch (format.codec()) {
                case H264 -> entry.box("avcC", box -> box.raw(format.codecPrivate()));
                case AV1 -> entry.box("av1C", box -> box.raw(format.codecPrivate()));
                default -> entry.full("vpcC", 1, 0, box -> box.raw(format.codecPrivate()));
            }
        });
    }

    private static String sampleEntry(MediaFormat format) {
        return switch (format.codec()) {
            case H264 -> "avc1";
            case AV1 -> "av01";
            case VP9 -> "vp09";
            case VP8, OPUS, RED -> throw new IllegalArgumentException("no picture of MP4: " + format);
        };
    }

    /** What is recorded began before, so nothing is to be skipped at its beginning: as in WebM. */
    private static void sound(Boxes stsd) {
        stsd.box("Opus", entry -> {
            entry.zeros(6).number(1, 2).zeros(8);
            entry.number(CHANNELS, 2).number(SAMPLE_BITS, 2).zeros(4);
            entry.number((long) Mp4Track.AUDIO_SCALE << 16, 4);
            entry.box("dOps", box -> box.number(0, 1)
                    .number(CHANNELS, 1)
                    .number(0, 2)
                    .number(Mp4Track.AUDIO_SCALE, 4)
                    .number(0, 2)
                    .number(0, 1));
        });
    }

    private static void defaults(Boxes mvex, Mp4Track track) {
        mvex.full("trex", 0, 0, box -> box.number(track.number(), 4)
                .number(1, 4)
                .zeros(8)
                .number(track.format().isVideo() ? Mp4Fragment.OTHER_FLAGS : Mp4Fragment.KEY_FLAGS, 4));
    }
}
