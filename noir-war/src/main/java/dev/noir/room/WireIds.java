package dev.noir.room;

import dev.noir.sdp.PublishedTrack;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The stream and track ids under which a peer's tracks are known to the others: its own where they are tokens and nobody
 * else's, since pages find their users by them; else ours. One id that is no token makes Firefox refuse a whole offer, two
 * equal pairs make Chromium do so, and whoever takes another one's stream id would be shown in that one's place.
 */
final class WireIds {
    private static final String PREFIX = "noir-";
    private static final int HASH_BYTES = 16;

    private WireIds() {}

    /**
     * Names a track that is about to be added.
     *
     * @param own the other tracks of its owner
     * @param others everybody else's
     */
    static PublishedTrack of(
            PublishedTrack negotiated, PeerName owner, Collection<Track> own, Collection<Track> others) {
        String stream = stream(negotiated.streamId(), owner, own, others);
        String track = free(negotiated.trackId(), owner.value() + '\n' + stream, id -> own.stream()
                .map(Track::published)
                .anyMatch(other ->
                        other.streamId().equals(stream) && other.trackId().equals(id)));
        return negotiated.withIds(stream, track);
    }

    private static String stream(String id, PeerName owner, Collection<Track> own, Collection<Track> others) {
        for (Track track : own) {
            if (track.negotiated().streamId().equals(id)) {
                return track.published().streamId(); // Audio and video stay together.
            }
        }
        return free(id, owner.value(), candidate -> Stream.concat(own.stream(), others.stream())
                .anyMatch(track -> track.published().streamId().equals(candidate)));
    }

    /** The id itself, or one that a later host of the room would make of it, too: then pages keep the picture. */
    private static String free(String own, String scope, Predicate<String> taken) {
        String id = own;
        for (int attempt = 0; !PublishedTrack.isUsableId(id) || taken.test(id); attempt++) {
            id = PREFIX + hash(scope + '\n' + own + '\n' + attempt);
        }
        return id;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
