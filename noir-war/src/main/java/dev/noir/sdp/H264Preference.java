package dev.noir.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which H264 of several a publisher should send: what all receivers decode, which is the constrained baseline profile (RFC
 * 7742 §6.2). One that sends another profile is not seen by those who have not got it.
 */
final class H264Preference {
    private static final String MODE_1 = "packetization-mode=1";
    private static final String CONSTRAINED_BASELINE = "profile-level-id=42e0";
    private static final String BASELINE = "profile-level-id=4200";

    private H264Preference() {}

    /** The other codecs keep their places, and so do the profiles that are neither. */
    static List<CodecParameters> applied(List<CodecParameters> codecs) {
        List<CodecParameters> h264 = new ArrayList<>(
                codecs.stream().filter(codec -> codec.codec() == Codec.H264).toList());
        List<CodecParameters> all = List.copyOf(h264);
        h264.removeIf(codec -> profile(codec).contains(BASELINE)
                && all.stream().anyMatch(other -> isConstrainedBaseline(other) && mode1(other) == mode1(codec)));
        h264.sort(Comparator.comparingInt(H264Preference::rank)); // Stable.
        List<CodecParameters> ordered = new ArrayList<>();
        for (CodecParameters codec : codecs) {
            if (codec.codec() != Codec.H264) {
                ordered.add(codec);
            } else if (!h264.isEmpty()) {
                ordered.add(h264.remove(0));
            }
        }
        return ordered;
    }

    private static int rank(CodecParameters codec) {
        if (!isConstrainedBaseline(codec)) {
            return 2;
        }
        return mode1(codec) ? 0 : 1;
    }

    private static boolean isConstrainedBaseline(CodecParameters codec) {
        return profile(codec).contains(CONSTRAINED_BASELINE);
    }

    private static boolean mode1(CodecParameters codec) {
        return profile(codec).contains(MODE_1);
    }

    /** In one spelling. */
    private static String profile(CodecParameters codec) {
        return CodecProfile.of(codec.codec(), codec.fmtp())
                .map(CodecProfile::fmtp)
                .orElse("");
    }
}
