package dev.noir.auth;

/** A token that is not taken; the message is for whoever sent it, and tells nothing that he does not know. */
final class TokenRefused extends Exception {
    private static final long serialVersionUID = 1L;

    static final String INVALID = "Your token is not valid here.";
    static final String EXPIRED = "Your token has expired.";

    TokenRefused(String message) {
        super(message);
    }

    TokenRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
