package dev.noir.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The payload types of one subscriber transport. A number once given keeps its meaning (RFC 8829 §5.2.2), whatever
 * numbers the publishers use for the same codec.
 *
 * <p>Thread: rooms (not synchronised).
 */
final class PayloadTypes {
    private static final int FIRST_DYNAMIC = 96;
    private static final int LAST_DYNAMIC = 127;

    // RFC 8829 §5.2.1 with RFC 5761 §4: free as well, as long as 64..95 stays out, which RTCP would be mistaken for.
    private static final int FIRST_LOWER = 35;
    private static final int LAST_LOWER = 63;

    private final Map<CodecProfile, Integer> media = new HashMap<>();
    private final Map<Integer, CodecProfile> profiles = new HashMap<>();
    private final Map<Integer, Integer> rtx = new HashMap<>();
    private int next = FIRST_DYNAMIC;

    /** Maps a publisher's codecs; those we do not know are left out. */
    List<PayloadMapping> map(List<CodecParameters> codecs) {
        List<PayloadMapping> mappings = new ArrayList<>();
        for (CodecParameters codec : codecs) {
            Optional<CodecProfile> profile = CodecProfile.of(codec.codec(), codec.fmtp());
            if (profile.isPresent()) {
                int payloadType = payloadType(profile.get());
                mappings.add(new PayloadMapping(codec.payloadType(), payloadType, rtx(payloadType)));
            }
        }
        return mappings;
    }

    /** Numbers given out by another node on the same connection. */
    void restore(SubscriberSection section) {
        for (CodecParameters codec : section.codecs()) {
            int payloadType = codec.payloadType();
            Optional<CodecProfile> profile = CodecProfile.of(codec.codec(), codec.fmtp());
            if (profile.isPresent() && !profiles.containsKey(payloadType)) {
                media.put(profile.get(), payloadType);
                profiles.put(payloadType, profile.get());
                taken(payloadType);
                int rtxPayloadType = section.rtxPayloadType(payloadType);
                if (rtxPayloadType != PayloadMapping.NO_RTX) {
                    rtx.put(payloadType, rtxPayloadType);
                    taken(rtxPayloadType);
                }
            }
        }
    }

    /** Given out in this order: 96 to 127, then 35 to 63. */
    private void taken(int payloadType) {
        boolean lower = payloadType < FIRST_DYNAMIC;
        boolean nextIsLower = next < FIRST_DYNAMIC;
        if (lower == nextIsLower) {
            next = Math.max(next, payloadType + 1);
        } else if (lower) {
            next = payloadType + 1;
        }
    }

    CodecProfile profile(int payloadType) {
        CodecProfile profile = profiles.get(payloadType);
        if (profile == null) {
            throw new IllegalArgumentException("payload type " + payloadType + " was never given out");
        }
        return profile;
    }

    private int rtx(int payloadType) {
        return rtx.getOrDefault(payloadType, PayloadMapping.NO_RTX);
    }

    private int payloadType(CodecProfile profile) {
        Integer known = media.get(profile);
        if (known != null) {
            return known;
        }
        int payloadType = take();
        media.put(profile, payloadType);
        profiles.put(payloadType, profile);
        if (profile.codec().kind() == MediaKind.VIDEO) {
            rtx.put(payloadType, take());
        }
        return payloadType;
    }

    private int take() {
        if (next > LAST_DYNAMIC) {
            next = FIRST_LOWER;
        }
        if (next > LAST_LOWER && next < FIRST_DYNAMIC) {
            throw new SdpException("no payload type is left");
        }
        return next++;
    }
}
