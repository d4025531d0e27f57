package dev.noir.admin;

import jakarta.json.JsonObject;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What kinds of jobs have in common: names of the peers that they are, and how options are read. */
final class JobNames {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int RANDOM_LETTERS = 16;

    private JobNames() {}

    /** For a peer of that kind that nobody has named. */
    static String generated(String kind, RandomGenerator random) {
        StringBuilder name = new StringBuilder("job-" + kind + "-");
        for (int i = 0; i < RANDOM_LETTERS; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }

    static JsonObject json(Map<String, ?> given) {
        return given instanceof JsonObject json ? json : RecordJson.tree(given);
    }
}
