package dev.noir.sdp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What of a codec's format parameters decides who can decode it, in one spelling. There are fewer than 30 of them, so a
 * client that invents parameters cannot use up a subscriber's payload types.
 *
 * @param fmtp what we write towards subscribers; empty = no fmtp line
 */
record CodecProfile(Codec codec, String fmtp) {
    private static final int MAX_FMTP_PARAMETERS = 64;
    private static final int MAX_VP9_PROFILE = 3;
    private static final int MAX_AV1_PROFILE = 2;
    private static final String DEFAULT_H264_PROFILE = "42000a";

    /** Empty when the format is none we forward. */
    static Optional<CodecProfile> of(Codec codec, String fmtp) {
        Map<String, String> parameters = parse(fmtp);
        Optional<String> canonical =
                switch (codec) {
                    // Which payload types are in it, each connection numbers anew.
                    case RED -> Optional.of("");
                    case OPUS -> Optional.of("minptime=10;useinbandfec=1");
                    // Firefox's max-fs and max-fr say what it can receive: no business of other receivers.
                    case VP8 -> Optional.of("");
                    // RFC 9628 §6: profile 0 when absent.
                    case VP9 ->
                        upTo(MAX_VP9_PROFILE, parameters.getOrDefault("profile-id", "0"))
                                .map(profile -> "profile-id=" + profile);
                    case H264 -> h264(parameters);
                    // The defaults of the AV1 RTP payload format §7.2.1; browsers compare all three.
                    case AV1 ->
                        upTo(MAX_AV1_PROFILE, parameters.getOrDefault("profile", "0"))
                                .map(profile -> "level-idx=5;profile=" + profile + ";tier=0");
                };
        return canonical.map(text -> new CodecProfile(codec, text));
    }

    /** RFC 6184 §8.1. The level is left at 3.1 on purpose: level-asymmetry-allowed makes ours meaningless to receivers. */
    private static Optional<String> h264(Map<String, String> parameters) {
        String mode = parameters.getOrDefault("packetization-mode", "0");
        String id = parameters.getOrDefault("profile-level-id", DEFAULT_H264_PROFILE);
        if (!(mode.equals("0") || mode.equals("1")) || id.length() != 6) {
            return Optional.empty();
        }
        return h264Profile(id.substring(0, 2).toLowerCase(Locale.ROOT), id.substring(2, 4))
                .map(profile ->
                        "level-asymmetry-allowed=1;packetization-mode=" + mode + ";profile-level-id=" + profile + "1f");
    }

    /** RFC 6184 §8.1 table 5: different pairs of profile_idc and profile-iop mean the same. */
    private static Optional<String> h264Profile(String idc, String iopText) {
        int iop = hexOrNegative(iopText);
        if (iop < 0) {
            return Optional.empty();
        }
        boolean set0 = (iop & 0x80) != 0;
        boolean set1 = (iop & 0x40) != 0;
        return switch (idc) {
            case "42" -> Optional.of(set1 ? "42e0" : "4200");
            case "58" -> Optional.ofNullable(set0 ? (set1 ? "42e0" : "4200") : null);
            case "4d" -> Optional.of(set0 ? "42e0" : "4d00");
            case "64" -> Optional.of((iop & 0x0C) == 0x0C ? "640c" : "6400");
            case "f4" -> Optional.of("f400");
            default -> Optional.empty();
        };
    }

    private static int hexOrNegative(String text) {
        int high = Character.digit(text.charAt(0), 16);
        int low = Character.digit(text.charAt(1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static Optional<Long> upTo(long max, String number) {
        long value = Tokens.numberOrNegative(number, max);
        return value < 0 ? Optional.empty() : Optional.of(value);
    }

    private static Map<String, String> parse(String fmtp) {
        Map<String, String> parameters = new HashMap<>();
        List<String> fields = Tokens.split(fmtp, ';', MAX_FMTP_PARAMETERS, "a=fmtp");
        for (String field : fields) {
            String name = Tokens.before(field, '=').strip().toLowerCase(Locale.ROOT);
            parameters.putIfAbsent(name, Tokens.after(field, '=').strip());
        }
        return parameters;
    }
}
