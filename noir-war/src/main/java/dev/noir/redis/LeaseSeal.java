package dev.noir.redis;

import dev.noir.bus.ClusterKey;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a room's records stand in Redis, signed where the cluster has a secret. Each MAC covers what the record is and the room's
 * name, so that none can be put in another's place. Thread: any.
 */
final class LeaseSeal {
    /**
     * A lease as it stands in Redis.
     *
     * @param overruled the highest epoch of those who took the room while this life of the node had it all the time; else 0
     */
    record Holder(String text, long epoch, String node, String incarnation, long overruled) {
        RoomLease of(RoomId room) {
            return new RoomLease(room, node, epoch);
        }
    }

    private static final String LEASE = "noir/lease";
    private static final String EPOCH = "noir/epoch";
    private static final String STATE = "noir/state/";
    private static final int MAC_DIGITS = 64;
    private static final int PARTS = 3;

    private final ClusterKey key;

    LeaseSeal(ClusterKey key) {
        this.key = key;
    }

    /** Epoch, node, incarnation; then what it has overruled, if anything or if signed; then the MAC. Spaces between. */
    String lease(RoomId room, long epoch, String node, String incarnation, long overruled) {
        List<String> parts = new ArrayList<>(List.of(Long.toString(epoch), node, incarnation));
        if (overruled != 0 || key.signs()) {
            parts.add(Long.toString(overruled));
        }
        if (key.signs()) {
            parts.add(key.sign(leaseValues(room, parts)));
        }
        return String.join(" ", parts);
    }

    /** Empty: there is none, or no node of the cluster has written it. */
    Optional<Holder> readLease(RoomId room, String text) {
        List<String> parts = List.of(text.split(" ", -1));
        int signed = parts.size() - (key.signs() ? 1 : 0);
        if (signed < PARTS || signed > PARTS + 1) {
            return Optional.empty();
        }
        try {
            Holder holder = new Holder(
                    text,
                    Long.parseLong(parts.get(0)),
                    parts.get(1),
                    parts.get(2),
                    signed > PARTS ? Long.parseLong(parts.get(PARTS)) : 0);
            boolean genuine = key.isGenuine(parts.get(parts.size() - 1), leaseValues(room, parts.subList(0, signed)));
            return genuine ? Optional.of(holder) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static List<String> leaseValues(RoomId room, List<String> parts) {
        List<String> values = new ArrayList<>(List.of(LEASE, room.value()));
        values.addAll(parts);
        return values;
    }

    /** A room's last epoch; then the MAC. */
    String epoch(RoomId room, long epoch) {
        String number = Long.toString(epoch);
        return key.signs() ? number + " " + key.sign(List.of(EPOCH, room.value(), number)) : number;
    }

    /** Empty as {@link #readLease}. */
    OptionalLong readEpoch(RoomId room, String text) {
        String[] parts = text.split(" ", 2);
        String mac = parts.length > 1 ? parts[1] : "";
        try {
            long epoch = Long.parseLong(parts[0]);
            return key.isGenuine(mac, List.of(EPOCH, room.value(), parts[0]))
                    ? OptionalLong.of(epoch)
                    : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * What was laid down for a room; the MAC and a space before it.
     *
     * @param half which one of the two
     * @param json empty: there is nothing to keep, and nothing to sign
     */
    String state(RoomId room, String half, String json) {
        return json.isEmpty() || !key.signs() ? json : key.sign(stateValues(room, half, json)) + " " + json;
    }

    /** The JSON. @throws IllegalArgumentException when no node of the cluster has written it */
    String readState(RoomId room, String half, String text) {
        if (text.isEmpty() || !key.signs()) {
            return text;
        }
        int space = text.indexOf(' ');
        if (space != MAC_DIGITS
                || !key.isGenuine(text.substring(0, space), stateValues(room, half, text.substring(space + 1)))) {
            throw new IllegalArgumentException("it is not signed with noir.cluster.secret");
        }
        return text.substring(space + 1);
    }

    private static List<String> stateValues(RoomId room, String half, String json) {
        return List.of(STATE + half, room.value(), json);
    }
}
