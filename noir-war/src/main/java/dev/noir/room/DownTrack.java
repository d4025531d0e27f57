package dev.noir.room;

import dev.noir.sdp.Encoding;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.SubscriberAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscriber's copy of a track, offered or already flowing, with what the subscriber wants of it. Thread: rooms. */
final class DownTrack {
    static final List<String> LAYERS = List.of("low", "medium", "high");
    private static final int TOP_LAYER = LAYERS.size() - 1;

    // Given.
    private final Track track;

    // State.
    private @Nullable MediaDownTrack media;
    private boolean muted;
    private int maxSpatial = TOP_LAYER;
    private int maxTemporal = TOP_LAYER;
    private List<Integer> available = List.of(0, 1, 2);
    private boolean visible = true;
    private int width;
    private int height;
    private int priority;

    DownTrack(Track track) {
        this.track = track;
    }

    Track track() {
        return track;
    }

    /** The client's answer says what becomes of it. */
    void answered(MediaTransport transport, SubscriberAnswer.Section section) {
        switch (section.state()) {
            case ACCEPTED -> {
                if (media == null) {
                    media = transport.addDownTrack(track.media(), section);
                    apply();
                }
            }
            case INACTIVE, REJECTED -> remove();
        }
    }

    void remove() {
        if (media != null) {
            media.remove();
            media = null;
        }
    }

    void control(ApiMessage.ReceiverControl wish) {
        if (track.published().kind() == MediaKind.AUDIO) {
            muted = !wish.audio();
        } else {
            int spatial = LAYERS.indexOf(String.valueOf(wish.video()));
            if (spatial >= 0) {
                muted = false;
                maxSpatial = spatial;
            } else if ("none".equals(wish.video())) {
                muted = true;
            }
            int temporal = LAYERS.indexOf(String.valueOf(wish.framerate()));
            if (temporal >= 0) {
                maxTemporal = temporal;
            }
        }
        apply();
    }

    /** What its subscriber has chosen, if that is about this one. */
    void choose(ModerationCommand.Subscribe.Choice choice) {
        if (!choice.track().equals(track.published().trackId())) {
            return;
        }
        muted = choice.muted();
        List<String> rids =
                track.published().encodings().stream().map(Encoding::rid).toList();
        int layer = choice.layer().isEmpty() ? -1 : rids.indexOf(choice.layer());
        maxSpatial = layer >= 0 ? layer : TOP_LAYER;
        apply();
    }

    /** How it is shown; sound is heard whatever is seen. */
    void show(ApiMessage.Wish wish) {
        if (track.published().kind() == MediaKind.VIDEO) {
            visible = wish.visible();
            width = wish.width();
            height = wish.height();
            priority = wish.priority();
            apply();
        }
    }

    /** The publisher now sends these layers only; returns the name of the one that is forwarded. */
    String restrict(List<Integer> layers) {
        available = layers;
        apply();
        return LAYERS.get(spatial());
    }

    /** The highest available layer that is not above the wanted one, else the lowest. */
    private int spatial() {
        return available.stream()
                .filter(layer -> layer <= maxSpatial)
                .max(Integer::compare)
                .orElseGet(() -> available.stream().min(Integer::compare).orElse(0));
    }

    private void apply() {
        if (media != null) {
            media.set(new LayerWish(muted || !visible, spatial(), maxTemporal, width, height, priority));
        }
    }
}
