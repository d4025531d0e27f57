package dev.noir.room;

import dev.noir.room.MediaExplanation.Layer;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import java.util.List;
import java.util.Optional;

/** Says in a sentence what a subscriber gets of a track, and why. Thread: any. */
final class LayerWords {
    static final String AS_WANTED = "as wanted";
    static final String SQUELCHED = "not sent: a moderator has stopped it";

    private LayerWords() {}

    /** @param estimate what the line takes, bit/s */
    static String of(Layers layers, Optional<Long> estimate) {
        if (layers.muted()) {
            return "paused: the client does not want it";
        }
        if (layers.undecodable()) {
            return "not sent: the client does not know its codec";
        }
        if (layers.audio()) {
            return layers.sending() ? AS_WANTED : "nothing has come to be sent";
        }
        if (layers.offered().stream().noneMatch(Offered::available)) {
            return "nothing to send: the publisher sends nothing";
        }
        if (layers.reason().isPresent()) {
            return shared(layers, layers.reason().get(), estimate) + keyFrame(layers);
        }
        return AS_WANTED + ", whatever the line takes: the client does not report it" + keyFrame(layers);
    }

    private static String shared(Layers layers, Reason reason, Optional<Long> estimate) {
        if (layers.allocated().isEmpty()) {
            return reason == Reason.NO_BANDWIDTH ? paused(layers, estimate) : AS_WANTED;
        }
        Layer got = layers.allocated().get();
        String name = name(layers.offered(), got);
        Offered wanted = wanted(layers);
        String instead = name + " instead of " + name(layers.offered(), wanted.layer()) + ": ";
        String needs = wanted.bitrate() > 0 ? ", and that would need " + rate(wanted.bitrate()) : "";
        return switch (reason) {
            case NO_BANDWIDTH -> instead + line(estimate) + needs;
            case NO_HEAD_ROOM -> instead + line(estimate) + needs + " and a reserve";
            case HELD_DOWN -> instead + "more did not hold a moment ago";
            case NEVER_PAUSED -> name + ", though " + line(estimate) + ": a screen is never paused";
            case WANTED, NOT_WANTED, NOTHING_OFFERED -> AS_WANTED;
        };
    }

    private static String paused(Layers layers, Optional<Long> estimate) {
        return layers.offered().stream()
                .filter(Offered::available)
                .findFirst()
                .map(least -> "paused: the smallest layer needs " + rate(least.bitrate()) + " and " + line(estimate))
                .orElse("paused");
    }

    private static String line(Optional<Long> estimate) {
        return estimate.map(bps -> "the line takes " + rate(bps)).orElse("the line takes less");
    }

    /** What is on the way to the client, if not what was decided. */
    private static String keyFrame(Layers layers) {
        if (!layers.waitsForKeyFrame()) {
            return "";
        }
        return layers.sending() ? ", from the next key frame on" : "; waiting for a key frame";
    }

    /** The best that there is of what the subscriber asks for; else the lowest. */
    private static Offered wanted(Layers layers) {
        List<Offered> available =
                layers.offered().stream().filter(Offered::available).toList();
        Offered best = available.get(0);
        for (Offered offered : available) {
            if (offered.layer().spatial() <= layers.wanted().spatial()
                    && offered.layer().temporal() <= layers.wanted().temporal()) {
                best = offered;
            }
        }
        return best;
    }

    /** As clients call them; one that has only one spatial layer has pictures of one size. */
    static String name(List<Offered> offered, Layer layer) {
        int top = offered.stream()
                .mapToInt(other -> other.layer().spatial())
                .max()
                .orElse(0);
        boolean fewer = offered.stream()
                .anyMatch(other -> other.available()
                        && other.layer().spatial() == layer.spatial()
                        && other.layer().temporal() > layer.temporal());
        String size =
                top == 0 ? "full size" : DownTrack.LAYERS.get(Math.min(layer.spatial(), DownTrack.LAYERS.size() - 1));
        return fewer ? size + " with fewer frames" : size;
    }

    static String rate(long bitsPerSecond) {
        return Math.round(bitsPerSecond / 1000.0) + " kbit/s";
    }
}
