package dev.noir.playing;

import dev.noir.playing.EbmlInput.Element;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A block of Matroska (RFC 9559 §10): frames of one track, one or laced.
 *
 * @param outer the simple block or the group
 * @param element that its bytes are in
 * @param track its number
 * @param ticks since its cluster's time
 * @param lacing how frames are put together
 * @param key a decoder can start here
 * @param content where its frames are
 */
record WebmBlock(Element outer, Element element, long track, int ticks, int lacing, boolean key, long content) {
    static final int SIMPLE = 0xA3;
    static final int GROUP = 0xA0;

    private static final int IN_GROUP = 0xA1;
    private static final int REFERENCE = 0xFB;

    private static final int KEY = 0x80;
    private static final int LACING = 0x06;
    private static final int LACED_XIPH = 0x02;
    private static final int LACED_FIXED = 0x04;
    private static final int MAX_XIPH = 255;

    // A frame, and as much again that belongs to it, such as what can be seen through it.
    private static final int MAX_GROUP_BYTES = 4 * FrameSource.MAX_FRAME_BYTES;

    // What a block may have beside a frame: sizes of 256 laced ones.
    private static final int MAX_SIZES_BYTES = 1 << 12;

    /** What says it is one, from its first bytes: those of its frames are not read. */
    static WebmBlock read(EbmlInput in, Element element) throws IOException {
        if (element.id() == SIMPLE) {
            return head(in, element, element, false);
        }
        EbmlInput.limit(element, MAX_GROUP_BYTES);
        WebmBlock block = null;
        boolean refers = false;
        while (in.hasNext(element.end())) {
            Element child = in.next(element.end());
            if (child.id() == IN_GROUP) {
                block = head(in, element, child, true);
            }
            refers |= child.id() == REFERENCE;
            in.skip(child);
        }
        if (block == null) {
            throw MediaFileException.brokenAt(element.start());
        }
        return new WebmBlock(element, block.element, block.track, block.ticks, block.lacing, !refers, block.content);
    }

    private static WebmBlock head(EbmlInput in, Element outer, Element element, boolean key) throws IOException {
        long track = in.size();
        int ticks = (short) in.file().number(Short.BYTES);
        int flags = in.file().octet();
        if (in.file().position() > element.end() || element.end() == EbmlInput.UNKNOWN) {
            throw MediaFileException.brokenAt(element.start());
        }
        return new WebmBlock(
                outer,
                element,
                track,
                ticks,
                flags & LACING,
                key || (flags & KEY) != 0,
                in.file().position());
    }

    /** Its frames; none is empty. */
    List<byte[]> frames(EbmlInput in) throws IOException {
        long size = element.end() - content;
        if (size > FrameSource.MAX_FRAME_BYTES + MAX_SIZES_BYTES) {
            throw new MediaFileException("a frame of " + size + " bytes is too large");
        }
        in.file().seek(content);
        List<byte[]> frames = lacing == 0 ? List.of(in.file().bytes((int) size)) : laced(in);
        return frames.stream()
                .filter(frame -> frame.length > 0 && frame.length <= FrameSource.MAX_FRAME_BYTES)
                .toList();
    }

    private List<byte[]> laced(EbmlInput in) throws IOException {
        int count = in.file().octet() + 1;
        long[] sizes = new long[count];
        if (lacing == LACED_FIXED) {
            Arrays.fill(sizes, (element.end() - in.file().position()) / count);
        } else {
            for (int i = 0; i < count - 1; i++) {
                sizes[i] = lacing == LACED_XIPH ? xiphSize(in) : ebmlSize(in, i == 0 ? 0 : sizes[i - 1], i == 0);
            }
            sizes[count - 1] = element.end() - in.file().position();
            for (int i = 0; i < count - 1; i++) {
                sizes[count - 1] -= sizes[i];
            }
        }
        if (Arrays.stream(sizes).anyMatch(size -> size < 0 || size > element.end() - element.content())
                || in.file().position() + Arrays.stream(sizes).sum() > element.end()) {
            throw MediaFileException.brokenAt(element.start());
        }
        List<byte[]> frames = new ArrayList<>();
        for (long size : sizes) {
            frames.add(in.file().bytes((int) size));
        }
        return frames;
    }

    private long xiphSize(EbmlInput in) throws IOException {
        long size = 0;
        int octet;
        do {
            octet = in.file().octet();
            size += octet;
        } while (octet == MAX_XIPH && in.hasNext(element.end()));
        return size;
    }

    /** The first as it is, others by how much they differ from the one before. */
    private static long ebmlSize(EbmlInput in, long before, boolean first) throws IOException {
        long at = in.file().position();
        long value = in.size();
        if (value == EbmlInput.UNKNOWN) {
            throw MediaFileException.brokenAt(at);
        }
        int octets = (int) (in.file().position() - at);
        return first ? value : before + value - ((1L << (7 * octets - 1)) - 1);
    }
}
