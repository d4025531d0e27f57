package dev.noir.access;

import java.util.Optional;

/** Which names callers may go by in rooms. Nothing is laid down for anonymous ones. */
public enum NameRule {
    /** Any. */
    FREE {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            return Optional.of(given.isEmpty() ? random : given);
        }
    },
    /** The principal's name and no other: one place in a room. */
    PRINCIPAL {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            return given.isEmpty() || given.equals(principal) ? Optional.of(principal) : Optional.empty();
        }
    },
    /** The principal's name, perhaps with a suffix after a dot or a colon: a place for each of somebody's devices. */
    PREFIX {
        @Override
        Optional<String> ruled(String principal, String given, String random) {
            if (given.isEmpty()) {
                return Optional.of(principal + ":" + random);
            }
            boolean own =
                    given.equals(principal) || given.startsWith(principal + ".") || given.startsWith(principal + ":");
            return own ? Optional.of(given) : Optional.empty();
        }
    };

    /**
     * The name that a caller gets.
     *
     * @param given what it asks for; empty: nothing
     * @param random for somebody who needs a name
     * @return empty: it may not have the one it asks for
     */
    public Optional<String> name(Caller caller, String given, String random) {
        return caller.isAnonymous() ? FREE.ruled("", given, random) : ruled(caller.principal(), given, random);
    }

    abstract Optional<String> ruled(String principal, String given, String random);
}
