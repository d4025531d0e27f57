package dev.noir.sdp;

import java.util.Map;

/** Negotiated ids of RTP header extensions, 1..255; 0 = not negotiated. */
public record ExtensionIds(
        int mid,
        int rid,
        int repairedRid,
        int audioLevel,
        int transportSequence,
        int absSendTime,
        int videoOrientation,
        int dependencyDescriptor,
        int captureTime,
        int playoutDelay,
        int layersAllocation) {

    public static final ExtensionIds NONE = new ExtensionIds(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static ExtensionIds of(Map<HeaderExtension, Integer> ids) {
        return new ExtensionIds(
                ids.getOrDefault(HeaderExtension.MID, 0),
                ids.getOrDefault(HeaderExtension.RID, 0),
                ids.getOrDefault(HeaderExtension.REPAIRED_RID, 0),
                ids.getOrDefault(HeaderExtension.AUDIO_LEVEL, 0),
                ids.getOrDefault(HeaderExtension.TRANSPORT_SEQUENCE, 0),
                ids.getOrDefault(HeaderExtension.ABS_SEND_TIME, 0),
                ids.getOrDefault(HeaderExtension.VIDEO_ORIENTATION, 0),
                ids.getOrDefault(HeaderExtension.DEPENDENCY_DESCRIPTOR, 0),
                ids.getOrDefault(HeaderExtension.CAPTURE_TIME, 0),
                ids.getOrDefault(HeaderExtension.PLAYOUT_DELAY, 0),
                ids.getOrDefault(HeaderExtension.LAYERS_ALLOCATION, 0));
    }
}
