package dev.noir.access;

import java.util.Optional;

/**
 * Which names callers may go by in rooms. Where those who are logged in are bound to theirs, anonymous ones are called guests: none
 * of them is taken for somebody who is known.
 */
public enum NameRule {
    /** Any. */
    FREE {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            return Optional.of(given.isEmpty() ? random : given);
        }

        @Override
        String anonymous(String given, String random) {
            return given.isEmpty() ? random : given;
        }
    },
    /** The principal's name and no other: one place in a room. */
    PRINCIPAL {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            return given.isEmpty() || given.equals(principal) ? Optional.of(principal) : Optional.empty();
        }
    },
    /**
     * The principal's name, perhaps with a suffix after a colon: a place for each of somebody's devices. Colons of the name itself
     * are escaped, or the devices of {@code a} could be called like {@code a:b}.
     */
    PREFIX {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            String name = principal.replace("%", "%25").replace(":", "%3A");
            if (given.isEmpty()) {
                return Optional.of(name + ":" + random);
            }
            boolean own = given.equals(name) || given.startsWith(name + ":");
            return own ? Optional.of(given) : Optional.empty();
        }
    };

    private static final String GUEST = "guest:";

    /**
     * The name that a caller gets.
     *
     * @param given what it asks for; empty: nothing
     * @param random for somebody who needs a name
     * @return empty: it may not have the one it asks for
     */
    public Optional<String> name(Caller caller, String given, String random) {
        return caller.isAnonymous() ? Optional.of(anonymous(given, random)) : ruled(caller.principal(), given, random);
    }

    /** Of somebody who is not known. */
    String anonymous(String given, String random) {
        String name = given.isEmpty() ? random : given;
        return name.startsWith(GUEST) ? name : GUEST + name;
    }

    abstract Optional<String> ruled(String principal, String given, String random);
}
