package dev.noir.sfu;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the loop of each subscriber of a room. Thread: rooms.
 */
final class SubscriberPlaces {
    /**
     * So many subscribers of a room a loop gets before the room takes a further loop. Each packet is handed over once for
     * each further loop, at about the cost of sending it to one subscriber, and wakes that loop: shared by a few dozens,
     * neither is noticed. A room that is smaller is no load for a loop.
     */
    static final int SUBSCRIBERS_PER_LOOP = 32;

    // Given.
    private final LoopHost home;
    private final List<LoopHost> hosts;
    private final int subscribersPerLoop;

    // State.
    private final Map<LoopHost, Integer> subscribers = new HashMap<>();

    SubscriberPlaces(LoopHost home, List<LoopHost> hosts, int subscribersPerLoop) {
        this.home = home;
        this.hosts = hosts;
        this.subscribersPerLoop = subscribersPerLoop;
        subscribers.put(home, 0);
    }

    /** One subscriber's. */
    final class Place {
        private final LoopHost host;

        private Place(LoopHost host) {
            this.host = host;
        }

        LoopHost host() {
            return host;
        }

        /** Once. */
        void giveBack() {
            int left = subscribers.merge(host, -1, Integer::sum);
            if (left == 0 && host != home) {
                subscribers.remove(host);
            }
        }
    }

    /** Of the loops that the room is on, one that has few of its subscribers; else of all loops; the one with the least to do. */
    Place take() {
        Comparator<LoopHost> leastToDo = Comparator.comparingInt(LoopHost::load).thenComparing(host -> host != home);
        LoopHost chosen = subscribers.entrySet().stream()
                .filter(loop -> loop.getValue() < subscribersPerLoop)
                .map(Map.Entry::getKey)
                .filter(LoopHost::isAlive)
                .min(leastToDo)
                .or(() -> hosts.stream().filter(LoopHost::isAlive).min(leastToDo))
                .orElse(home);
        subscribers.merge(chosen, 1, Integer::sum);
        return new Place(chosen);
    }
}
