package dev.noir.auth;

/** Who has to say who he is. */
public enum AuthMode {
    /** Nobody; whom the server knows anyway is known. */
    OPEN,
    /** Nobody; who says so has to be right. */
    OPTIONAL,
    /** Everybody. */
    REQUIRED
}
