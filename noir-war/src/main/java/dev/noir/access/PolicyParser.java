package dev.noir.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy file: sections {@code [pattern of rooms]} of lines {@code key = value}; {@code #} begins a line that is a comment.
 * {@code config/policy.sample} explains the keys. Not thread-safe: one for each reading.
 */
final class PolicyParser {
    private static final int MAX_RULES = 10_000;
    private static final int MAX_LINE_LENGTH = 4096;
    private static final int MAX_PEERS = 10_000;
    private static final Pattern COMMA = Pattern.compile(",");

    /** The keys whose value is a list of roles, and the grants they are about. */
    private static final Map<String, Set<Grant>> ROLE_KEYS = Map.of(
            "join", EnumSet.of(Grant.JOIN),
            "publish", Grants.PUBLISHING,
            "publish-audio", EnumSet.of(Grant.PUBLISH_AUDIO),
            "publish-video", EnumSet.of(Grant.PUBLISH_VIDEO),
            "publish-screen", EnumSet.of(Grant.PUBLISH_SCREEN),
            "publish-data", EnumSet.of(Grant.PUBLISH_DATA),
            "subscribe", EnumSet.of(Grant.SUBSCRIBE),
            "moderate", EnumSet.of(Grant.MODERATE));

    // Given.
    private final RoomPolicy defaults;

    // State.
    private final List<PolicyRule> rules = new ArrayList<>();
    private @Nullable Section section;
    private int line;

    private PolicyParser(RoomPolicy defaults) {
        this.defaults = defaults;
    }

    /** @param defaults for what a section does not say, and for rooms that match none */
    static Policies parse(String text, RoomPolicy defaults) throws PolicySyntaxException {
        PolicyParser parser = new PolicyParser(defaults);
        // Some editors write a byte order mark.
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        for (String each : withoutMark.lines().toList()) {
            parser.line++;
            parser.readLine(each.strip());
        }
        parser.endSection();
        return new Policies(parser.rules, defaults);
    }

    /** A section without its head, for one room that has its own passwords and number of peers elsewhere. */
    static OwnPolicy parseOwn(String text) throws PolicySyntaxException {
        PolicyParser parser = new PolicyParser(RoomPolicy.ofRoles(Map.of(), RoleSet.NOBODY));
        Section own = new Section("*");
        parser.section = own;
        for (String each : text.lines().toList()) {
            parser.line++;
            String stripped = each.strip();
            if (stripped.startsWith("[")) {
                throw parser.wrong("a room's own policy has no sections");
            }
            parser.readLine(stripped);
        }
        for (String key : List.of("max-peers", "join-password", "publish-password")) {
            if (own.seen.contains(key)) {
                throw parser.wrong(key + " is no part of a room's own policy, which has a member for that");
            }
        }
        return own.own(text);
    }

    private void readLine(String text) throws PolicySyntaxException {
        if (text.length() > MAX_LINE_LENGTH) {
            throw wrong("longer than " + MAX_LINE_LENGTH + " characters");
        }
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        if (text.startsWith("[")) {
            beginSection(text);
            return;
        }
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw wrong("neither [a pattern of rooms] nor key = value");
        }
        if (section == null) {
            throw wrong("a key before the first [pattern of rooms]");
        }
        String key = text.substring(0, equals).strip();
        try {
            set(section, key, text.substring(equals + 1).strip());
        } catch (IllegalArgumentException e) {
            throw wrong(key + " " + e.getMessage());
        }
    }

    private void beginSection(String text) throws PolicySyntaxException {
        endSection();
        if (!text.endsWith("]") || text.length() < 3) {
            throw wrong("a section is [pattern of rooms], as in [board-*]");
        }
        if (rules.size() >= MAX_RULES) {
            throw wrong("more than " + MAX_RULES + " sections");
        }
        section = new Section(text.substring(1, text.length() - 1).strip());
    }

    private void endSection() {
        if (section != null) {
            rules.add(section.rule(defaults));
            section = null;
        }
    }

    /** Throws {@link IllegalArgumentException} whose message completes "key …". */
    private static void set(Section section, String key, String value) {
        if (!section.seen.add(key)) {
            throw new IllegalArgumentException("stands twice in this section");
        }
        Set<Grant> grants = ROLE_KEYS.get(key);
        if (grants != null) {
            section.give(grants, RoleSet.parse(value));
            return;
        }
        switch (key) {
            case "create" -> section.creators = Optional.of(RoleSet.parse(value));
            case "anonymous" -> section.anonymous = Optional.of(grants(value));
            case "lobby" -> section.lobby = Optional.of(yesOrNo(value));
            case "max-peers" -> section.maxPeers = Optional.of(maxPeers(value));
            case "join-password" -> section.join = Optional.of(PasswordHash.parse(value));
            case "publish-password" -> section.publish = Optional.of(PasswordHash.parse(value));
            default -> throw new IllegalArgumentException("is no key of a policy");
        }
    }

    private static Set<Grant> grants(String value) {
        EnumSet<Grant> grants = EnumSet.noneOf(Grant.class);
        for (String part : COMMA.split(value, -1)) {
            String name = part.strip();
            if (name.equals("publish")) {
                grants.addAll(Grants.PUBLISHING);
            } else if (!name.isEmpty() && !name.equals("-")) {
                grants.add(Grant.ofWire(name)
                        .filter(grant -> grant != Grant.ADMINISTER)
                        .orElseThrow(() -> new IllegalArgumentException("has '" + name + "', which is none of join,"
                                + " publish, publish.audio, publish.video, publish.screen, publish.data, subscribe,"
                                + " moderate")));
            }
        }
        return grants;
    }

    private static boolean yesOrNo(String value) {
        return switch (value) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw new IllegalArgumentException("is neither yes nor no");
        };
    }

    private static int maxPeers(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 1 && count <= MAX_PEERS) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number from 1 to " + MAX_PEERS, e);
        }
        throw new IllegalArgumentException("is not a whole number from 1 to " + MAX_PEERS);
    }

    private PolicySyntaxException wrong(String reason) {
        return new PolicySyntaxException(line, reason);
    }

    /** A section being read. */
    private static final class Section {
        private final String pattern;
        private final Set<String> seen = new HashSet<>();
        private final Map<Grant, RoleSet> some = new EnumMap<>(Grant.class);
        private Optional<RoleSet> creators = Optional.empty();
        private Optional<Set<Grant>> anonymous = Optional.empty();
        private Optional<Boolean> lobby = Optional.empty();
        private Optional<Integer> maxPeers = Optional.empty();
        private Optional<PasswordHash> join = Optional.empty();
        private Optional<PasswordHash> publish = Optional.empty();

        Section(String pattern) {
            this.pattern = pattern;
        }

        /** "publish" is all its kinds, but what is said of one kind counts, wherever it stands. */
        void give(Set<Grant> grants, RoleSet roles) {
            for (Grant grant : grants) {
                if (grants.size() == 1) {
                    some.put(grant, roles);
                } else {
                    some.putIfAbsent(grant, roles);
                }
            }
        }

        OwnPolicy own(String text) {
            return new OwnPolicy(text, some, creators, anonymous, lobby);
        }

        /** @param defaults for what it does not say */
        PolicyRule rule(RoomPolicy defaults) {
            Map<Grant, RoleSet> all = new EnumMap<>(Grant.class);
            all.putAll(defaults.roles());
            all.putAll(some);
            return new PolicyRule(
                    new Glob(pattern),
                    new RoomPolicy(
                            all,
                            creators.orElse(defaults.creators()),
                            anonymous.orElse(defaults.anonymous()),
                            lobby.orElse(defaults.lobby()),
                            maxPeers.orElse(defaults.maxPeers()),
                            new RoomHashes(join, publish).orElse(defaults.passwords())));
        }
    }
}
