package dev.noir.room;

import dev.noir.sdp.Encoding;
import dev.noir.sdp.PublishedTrack;
import java.util.ArrayList;
import java.util.List;

/** What has been learnt of the encodings of one publisher, the newest last. Thread: one at a time. */
public final class LearnedEncodings {
    // More than anybody sends at once; sections that are no more make room.
    private static final int MAX = 256;

    // State.
    private final List<LearnedEncoding> known = new ArrayList<>();

    /** In place of what was said of the same encoding before. */
    public void note(LearnedEncoding encoding) {
        known.removeIf(encoding::isOfSame);
        known.add(encoding);
        if (known.size() > MAX) {
            known.remove(0);
        }
    }

    public List<LearnedEncoding> all() {
        return List.copyOf(known);
    }

    void clear() {
        known.clear();
    }

    /** The track, with the SSRCs of those of its encodings that do not say them. */
    PublishedTrack declaredIn(PublishedTrack track) {
        return track.withEncodings(track.encodings().stream()
                .map(encoding -> declared(track.mid(), encoding))
                .toList());
    }

    private Encoding declared(String mid, Encoding encoding) {
        return known.stream()
                .filter(learned -> learned.isOf(mid, encoding))
                .findFirst()
                .map(learned -> new Encoding(encoding.rid(), learned.ssrc(), learned.rtxSsrc()))
                .orElse(encoding);
    }
}
