package dev.noir.restreaming;

import java.io.IOException;

/** It will not go better the next time; the text says why, and may be shown. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
