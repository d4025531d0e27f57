package dev.noir.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Bots that this node runs in processes of their own.
 *
 * @param jar noir-bot.jar; empty: there are none
 * @param url of this node's pages or signalling endpoint; empty: as {@code java -jar} has it
 * @param roles that bots are in
 * @param classpath jars with kinds of bots, and folders of them; empty: those that come with it
 * @param files folder of files that bots may read; empty: none
 * @param recycle after so many bots a process is replaced
 */
public record BotSettings(String jar, String url, Set<String> roles, String classpath, String files, int recycle) {
    static final Setting<String> JAR = new Setting<>("noir.bots.jar", "", false, text -> text);
    static final Setting<String> URL = new Setting<>("noir.bots.url", "", false, text -> text);
    static final Setting<List<String>> ROLES =
            new Setting<>("noir.bots.roles", "noir-user", false, Values.list(text -> text));
    static final Setting<String> CLASSPATH = new Setting<>("noir.bots.classpath", "", false, text -> text);
    static final Setting<String> FILES = new Setting<>("noir.bots.files", "", false, text -> text);
    static final Setting<Integer> RECYCLE =
            new Setting<>("noir.bots.recycle", "100", false, Values.wholeNumber(1, 100_000));

    static final List<Setting<?>> ALL = List.of(JAR, URL, ROLES, CLASSPATH, FILES, RECYCLE);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<BotSettings> load(NoirConfig.Reader reader) {
        Optional<String> jar = reader.read(JAR);
        Optional<String> url = reader.read(URL);
        Optional<List<String>> roles = reader.read(ROLES);
        Optional<String> classpath = reader.read(CLASSPATH);
        Optional<String> files = reader.read(FILES);
        Optional<Integer> recycle = reader.read(RECYCLE);
        return recycle.map(set -> new BotSettings(
                jar.orElse(""),
                url.orElse(""),
                new TreeSet<>(roles.orElse(List.of())),
                classpath.orElse(""),
                files.orElse(""),
                set));
    }

    public boolean isOn() {
        return !jar.isEmpty();
    }
}
