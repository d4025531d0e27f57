package dev.noir.sdp;

/** Which of the sections that a client wants to send on are taken. */
@FunctionalInterface
public interface SectionFilter {
    SectionFilter ALL = (mid, kind, screen) -> true;

    /** @param screen see {@link PublishedTrack#screen} */
    boolean takes(String mid, MediaKind kind, boolean screen);
}
