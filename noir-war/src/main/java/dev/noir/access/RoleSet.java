package dev.noir.access;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The people that something is allowed to, as settings and policies write them: role names, comma separated, or one of
 * {@code *} (everybody, anonymous too), {@code **} (everybody who has said who he is) and {@code -} (nobody). Immutable.
 *
 * @param everybody also who is anonymous
 * @param authenticated everybody with a name
 * @param roles in one of which it suffices to be
 */
public record RoleSet(boolean everybody, boolean authenticated, Set<String> roles) {
    public static final RoleSet EVERYBODY = new RoleSet(true, false, Set.of());
    public static final RoleSet NOBODY = new RoleSet(false, false, Set.of());

    private static final int MAX_NAME_LENGTH = 128;
    private static final Pattern COMMA = Pattern.compile(",");

    public RoleSet {
        roles = Set.copyOf(roles);
    }

    /** Throws {@link IllegalArgumentException} whose message completes "'text' …". Nothing between commas is nobody. */
    public static RoleSet parse(String text) {
        boolean everybody = false;
        boolean authenticated = false;
        Set<String> roles = new TreeSet<>();
        for (String part : COMMA.split(text, -1)) {
            String name = part.strip();
            switch (name) {
                case "", "-" -> {}
                case "*" -> everybody = true;
                case "**" -> authenticated = true;
                default -> roles.add(checked(name));
            }
        }
        return new RoleSet(everybody, authenticated, roles);
    }

    private static String checked(String name) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "has a name of a role with more than " + MAX_NAME_LENGTH + " characters");
        }
        if (name.indexOf('*') >= 0) {
            throw new IllegalArgumentException("has an asterisk in a role's name; * is everybody, ** who is logged in");
        }
        return name;
    }

    public boolean includes(Caller caller) {
        if (everybody) {
            return true;
        }
        return !caller.isAnonymous() && (authenticated || roles.stream().anyMatch(caller.roles()::contains));
    }

    /** Logging in could make a difference to somebody who is not in it. */
    boolean knowsSomebody() {
        return everybody || authenticated || !roles.isEmpty();
    }
}
