package dev.noir.recording;

import java.io.IOException;

/** Nothing can be recorded, for a reason that people are told in these words. */
final class RecordingException extends IOException {
    private static final long serialVersionUID = 1;

    RecordingException(String message) {
        super(message);
    }
}
