package dev.noir.playing;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Opens files of media: what one is, its first bytes say, not its name. Thread: any; it blocks. */
public final class MediaFile {
    private static final int IVF = 0x444B4946; // DKIF
    private static final int OGG = OggPage.MAGIC;
    private static final int MP4 = 0x66747970; // ftyp, behind a size.

    private MediaFile() {}

    /**
     * Opens one.
     *
     * @param path of a file itself: no symbolic link
     * @throws MediaFileException it cannot be played, in words
     */
    public static FrameSource open(Path path) throws IOException {
        return open(Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /**
     * The same of what a channel has.
     *
     * @param channel closed with the source, or here if there is none
     */
    public static FrameSource open(SeekableByteChannel channel) throws IOException {
        FileBytes bytes = new FileBytes(channel);
        try {
            return source(bytes);
        } catch (EOFException e) {
            channel.close();
            throw new MediaFileException("the file ends before its media begin");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FrameSource source(FileBytes bytes) throws IOException {
        int first = (int) bytes.number(Integer.BYTES);
        int second = (int) bytes.number(Integer.BYTES);
        bytes.seek(0);
        if (first == WebmHeader.EBML) {
            return new WebmFile(bytes);
        }
        if (first == IVF) {
            return new IvfFile(bytes);
        }
        if (first == OGG) {
            return new OggFile(bytes);
        }
        if (second == MP4) {
            return new Mp4File(bytes);
        }
        throw new MediaFileException("the file is none of WebM, Matroska, MP4, IVF and Ogg");
    }
}
