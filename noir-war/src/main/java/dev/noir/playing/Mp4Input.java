package dev.noir.playing;

import java.io.IOException;

/** The outermost boxes of a file (ISO/IEC 14496-12 §4.2), one after the other. Thread: one at a time; it blocks. */
final class Mp4Input {
    static final int MOVIE = Mp4Box.type("moov");
    static final int FRAGMENT = Mp4Box.type("moof");

    private static final int HEAD_BYTES = 8;

    // Between two that matter: a file of nothing else would keep its reader busy.
    private static final int MAX_BOXES = 1_000_000;

    /**
     * One of them, whose content has not been read.
     *
     * @param start where its size is
     * @param content where its content begins
     * @param end where it ends, which may be behind the end of the file
     */
    record Outer(int type, long start, long content, long end) {}

    // Given.
    private final FileBytes file;

    Mp4Input(FileBytes file) {
        this.file = file;
    }

    FileBytes file() {
        return file;
    }

    private Outer next(long at) throws IOException {
        file.seek(at);
        long length = file.number(Integer.BYTES);
        int type = (int) file.number(Integer.BYTES);
        int head = HEAD_BYTES;
        if (length == 1) {
            length = file.number(Long.BYTES);
            head += Long.BYTES;
        } else if (length == 0) {
            length = Math.max(file.size() - at, head);
        }
        if (length < head || length > Long.MAX_VALUE - at) {
            throw MediaFileException.brokenAt(at);
        }
        return new Outer(type, at, at + head, at + length);
    }

    /**
     * The next of a type.
     *
     * @param at where a box begins
     * @throws java.io.EOFException there is none
     */
    Outer find(int type, long at) throws IOException {
        long place = at;
        for (int i = 0; i < MAX_BOXES; i++) {
            Outer box = next(place);
            if (box.type == type) {
                return box;
            }
            place = box.end;
        }
        throw MediaFileException.brokenAt(place);
    }

    /** Its content; what has more than so many bytes cannot be what it says it is. */
    Mp4Box read(Outer box, int max) throws IOException {
        long size = box.end - box.content;
        if (size > max) {
            throw MediaFileException.brokenAt(box.start);
        }
        file.seek(box.content);
        return Mp4Box.of(box.type, file.bytes((int) size));
    }
}
