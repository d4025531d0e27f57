package dev.noir.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may do what in rooms.
 *
 * @param policy path of the file with the policies of rooms; empty: all rooms are as the roles say
 * @param roles by what they are for, the last part of the key: lists of role names, * for everybody, ** for who is logged in, - for
 *     nobody
 */
public record AccessSettings(String policy, Map<String, String> roles) {
    private static final String ROLES = "noir.auth.roles.";

    static final Setting<String> POLICY = new Setting<>("noir.access.policy", "", false, text -> text);

    private static final List<Setting<String>> ROLE_SETTINGS = List.of(
            roles("join", "*"),
            roles("publish", "*"),
            roles("publish-screen", ""),
            roles("publish-data", ""),
            roles("subscribe", "*"),
            roles("moderate", "noir-moderator"),
            new Setting<>(ROLES + "administer", "noir-admin", false, Values.roles(false)),
            roles("create", "*"));

    static final List<Setting<?>> ALL = all();

    private static Setting<String> roles(String name, String byDefault) {
        return new Setting<>(ROLES + name, byDefault, false, Values.roles(true));
    }

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(ROLE_SETTINGS);
        all.add(POLICY);
        return List.copyOf(all);
    }

    public AccessSettings {
        roles = Map.copyOf(roles);
    }

    /** The key of one that says something else than by default. */
    Optional<String> changedRole() {
        return ROLE_SETTINGS.stream()
                .filter(setting -> !setting.parser()
                        .apply(setting.defaultText())
                        .equals(roles.get(setting.key().substring(ROLES.length()))))
                .map(Setting::key)
                .findFirst();
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<AccessSettings> load(NoirConfig.Reader reader) {
        Map<String, String> roles = new LinkedHashMap<>();
        for (Setting<String> setting : ROLE_SETTINGS) {
            reader.read(setting).ifPresent(text -> roles.put(setting.key().substring(ROLES.length()), text));
        }
        return reader.read(POLICY)
                .filter(file -> roles.size() == ROLE_SETTINGS.size())
                .map(file -> new AccessSettings(file, roles));
    }
}
