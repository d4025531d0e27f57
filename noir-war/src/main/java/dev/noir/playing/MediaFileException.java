package dev.noir.playing;

import java.io.IOException;

/** Media that cannot be played, for a reason that people are told in these words. */
public final class MediaFileException extends IOException {
    private static final long serialVersionUID = 1;

    public MediaFileException(String message) {
        super(message);
    }

    static MediaFileException brokenAt(long position) {
        return new MediaFileException("the file is broken at byte " + position);
    }
}
