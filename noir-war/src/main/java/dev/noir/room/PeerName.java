package dev.noir.room;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Name of a peer in its room, the wire's {@code uid}: given by the client or made here. */
public record PeerName(String value) {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int GENERATED_LENGTH = 24;

    public PeerName {
        NameRules.check("uid", value);
    }

    /** The given name, or a generated one in the shape of ion-sfu's cuid when there is none (ion-sdk-js 1.5). */
    public static PeerName of(@Nullable String given, RandomGenerator random) {
        return given == null || given.isEmpty() ? generate(random) : new PeerName(given);
    }

    static PeerName generate(RandomGenerator random) {
        StringBuilder name = new StringBuilder("c");
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new PeerName(name.toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
