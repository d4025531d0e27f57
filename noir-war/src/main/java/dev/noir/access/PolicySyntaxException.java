package dev.noir.access;

/** A policy file that cannot be used: its message begins with the line. */
public final class PolicySyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    PolicySyntaxException(int line, String reason) {
        super("line " + line + ": " + reason);
    }

    PolicySyntaxException(String reason) {
        super(reason);
    }
}
