package dev.noir.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Envelopes as entries of a stream: a field for each component, and over all of them, the sender's number and the two lives
 * of nodes that it is between, an HMAC-SHA256 (RFC 2104) when the cluster has a secret. Thread: any.
 */
public final class EnvelopeCodec {
    /**
     * An envelope on its way.
     *
     * @param fromIncarnation the sender's life
     * @param toIncarnation the receiver's; not written, being known from the stream
     * @param number grows with every envelope of that life of the sender
     */
    public record Sent(Envelope envelope, String fromIncarnation, String toIncarnation, long number) {}

    /** Not an envelope for us. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean forged;

        Refused(boolean forged, String message) {
            super(message, null, false, false);
            this.forged = forged;
        }

        /** Its MAC is wrong or missing; else there is something wrong with its fields. */
        public boolean forged() {
            return forged;
        }
    }

    private static final String MAC = "mac";

    private final ClusterKey key;

    /** @param secret shared by all nodes; empty: nothing is signed, and no signature looked at */
    public EnvelopeCodec(String secret) {
        this.key = new ClusterKey(secret);
    }

    /** Name, value, name, value… */
    public List<String> encode(Sent sent) {
        List<String> fields = new ArrayList<>();
        components(sent).forEach((name, value) -> {
            fields.add(name);
            fields.add(value);
        });
        if (key.signs()) {
            fields.add(MAC);
            fields.add(key.sign(signed(sent)));
        }
        return fields;
    }

    /**
     * Reads what arrived.
     *
     * @param node this one
     * @param incarnation this life of it
     */
    public Sent decode(List<String> fields, String node, String incarnation) throws Refused {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            values.put(fields.get(i), fields.get(i + 1));
        }
        Sent sent;
        try {
            Envelope envelope = new Envelope(
                    get(values, "from"),
                    node,
                    Envelope.Kind.valueOf(get(values, "kind")),
                    get(values, "room"),
                    get(values, "peer"),
                    Long.parseLong(get(values, "epoch")),
                    Long.parseLong(get(values, "request")),
                    get(values, "payload"));
            sent = new Sent(envelope, get(values, "life"), incarnation, Long.parseLong(get(values, "number")));
        } catch (IllegalArgumentException e) { // Also a number that is none.
            throw new Refused(false, String.valueOf(e.getMessage()));
        }
        if (!key.isGenuine(values.getOrDefault(MAC, ""), signed(sent))) {
            throw new Refused(true, "from " + sent.envelope.from());
        }
        return sent;
    }

    private static String get(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }

    /** Insertion order is the order on the wire and in the MAC. */
    private static Map<String, String> components(Sent sent) {
        Envelope envelope = sent.envelope;
        Map<String, String> components = new LinkedHashMap<>();
        components.put("from", envelope.from());
        components.put("life", sent.fromIncarnation);
        components.put("number", Long.toString(sent.number));
        components.put("kind", envelope.kind().name());
        components.put("room", envelope.room());
        components.put("peer", envelope.peer());
        components.put("epoch", Long.toString(envelope.epoch()));
        components.put("request", Long.toString(envelope.request()));
        components.put("payload", envelope.payload());
        return components;
    }

    /** A node's id comes first, which no other record begins with: see {@link ClusterKey#sign}. */
    private static List<String> signed(Sent sent) {
        List<String> values = new ArrayList<>(components(sent).values());
        values.add(sent.envelope.to());
        values.add(sent.toIncarnation);
        return values;
    }
}
