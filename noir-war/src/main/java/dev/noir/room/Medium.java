package dev.noir.room;

import dev.noir.sdp.MediaKind;
import java.util.EnumSet;
import java.util.Set;

/** What can be squelched of a peer. */
public enum Medium {
    AUDIO,
    /** Cameras and screens. */
    VIDEO;

    static final Set<Medium> ALL = EnumSet.allOf(Medium.class);

    static Medium of(MediaKind kind) {
        return kind == MediaKind.AUDIO ? AUDIO : VIDEO;
    }
}
