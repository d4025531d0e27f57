package dev.noir.bot.rtc;

import dev.noir.bot.Picture;
import dev.noir.bot.Sound;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tracks of others. Three tell of them, in any order: the offer says which section has which track, the server's news whose
 * it is, and libwebrtc gives what is decoded, section by section. A section may have another track later.
 *
 * <p>Thread: the peer's own, but for {@link #receives} and {@link #byMid}.
 */
final class Incoming {
    private static final Logger LOG = System.getLogger(Incoming.class.getName());

    /** A section, for as long as the connection lives. */
    private static final class Slot {
        // Written by the peer's thread, read by libwebrtc's.
        volatile @Nullable RemoteTrack track;

        // Whether what is decoded comes here. Of libwebrtc's thread that tells of receivers.
        boolean fed;
    }

    private final Peer.Listener listener;
    private final @Nullable Consumer<RemoteTrack> choice;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>(); // By a=mid.
    private final Map<String, RemoteTrack> known = new HashMap<>(); // By stream and track.
    private Map<String, Sections.Section> sections = Map.of();

    /** @param choice is told whose pictures or sound are wanted, so that they are offered; null: everything is offered */
    Incoming(Peer.Listener listener, @Nullable Consumer<RemoteTrack> choice) {
        this.listener = listener;
        this.choice = choice;
    }

    /** An offer has come. */
    void expect(Map<String, Sections.Section> offered) {
        sections = offered;
    }

    /** The offer is in force: tells of what has begun and ended, unless that is known already. */
    void settle() {
        slots.forEach((mid, slot) -> {
            RemoteTrack before = slot.track;
            if (before != null && before != expected(sections.get(mid))) {
                slot.track = null;
                if (choice == null) {
                    listener.ended(before);
                }
            }
        });
        sections.forEach((mid, section) -> {
            Slot slot = slots.computeIfAbsent(mid, unknown -> new Slot());
            RemoteTrack track = expected(section);
            if (slot.track == null && track != null) {
                slot.track = track;
                if (choice == null) {
                    listener.began(track);
                }
            }
        });
    }

    private @Nullable RemoteTrack expected(Sections.@Nullable Section section) {
        return section == null ? null : known.get(key(section.stream(), section.track()));
    }

    private static String key(String stream, String track) {
        return stream + ' ' + track; // Tokens have no spaces.
    }

    /** The server's {@code tracks}. */
    void news(JsonObject params) {
        boolean gone = params.getString("state", "").equals("remove");
        if (!(params.get("uid") instanceof JsonString uid) || !(params.get("tracks") instanceof JsonArray tracks)) {
            return;
        }
        for (JsonObject told : tracks.getValuesAs(JsonObject.class)) {
            String stream = told.getString("stream", "");
            String id = told.getString("id", "");
            if (gone) {
                RemoteTrack track = known.remove(key(stream, id));
                if (track != null && choice != null) {
                    listener.ended(track);
                }
            } else {
                boolean video = told.getString("kind", "").equals("video");
                RemoteTrack track = new RemoteTrack(uid.getString(), stream, id, video, choice);
                known.put(key(stream, id), track);
                if (choice != null) {
                    listener.began(track);
                }
            }
        }
        settle();
    }

    Optional<RemoteTrack> byMid(String mid) {
        Slot slot = slots.get(mid);
        return slot == null ? Optional.empty() : Optional.ofNullable(slot.track);
    }

    /** A section has a receiver. Thread: libwebrtc's. */
    void receives(String mid, MediaStreamTrack track) {
        Slot to = slots.computeIfAbsent(mid, unknown -> new Slot());
        if (to.fed) {
            return; // Another track in the same section, which has the same receiver.
        }
        to.fed = true;
        if (track instanceof VideoTrack video) {
            video.addSink(frame -> decoded(to, frame));
        } else if (track instanceof AudioTrack audio) {
            audio.addSink((data, bits, rate, channels, frames) -> decoded(to, data, rate, channels, frames));
        }
    }

    /** The frame is ours to free. */
    private static void decoded(Slot slot, VideoFrame frame) {
        try {
            RemoteTrack track = slot.track;
            if (track != null && track.isWatched() && frame.buffer instanceof NativeI420Buffer planes) {
                track.show(new Picture(
                        planes.getWidth(),
                        planes.getHeight(),
                        planes.getDataY(),
                        planes.getStrideY(),
                        planes.getDataU(),
                        planes.getStrideU(),
                        planes.getDataV(),
                        planes.getStrideV()));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a picture has not been taken", e);
        } finally {
            frame.release();
        }
    }

    private static void decoded(Slot slot, byte[] data, int rate, int channels, int frames) {
        try {
            RemoteTrack track = slot.track;
            if (track != null) {
                track.play(new Sound(
                        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer(), frames, rate, channels));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "sound has not been taken", e);
        }
    }
}
