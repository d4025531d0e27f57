package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.PeerSnapshot.TrackName;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of one kind of trouble out of what every sample says of it: what does not last is none, and a short rest does not end
 * one. Not thread-safe.
 */
final class Watch {
    // Given.
    private final Kind kind;
    private final int patience;
    private final int rest;
    private final Consumer<Span> ended;

    // State: of the trouble under way. Samples in a row; none: there is none.
    private int troubled;
    private int rested;
    private long since;
    private long until;
    private Severity severity = Severity.INFO;
    private @Nullable TrackName track;
    private boolean several;
    private String says = "";

    /**
     * @param patience samples with trouble that make a span
     * @param rest samples without that end one
     * @param ended where spans go that are over
     */
    Watch(Kind kind, int patience, int rest, Consumer<Span> ended) {
        this.kind = kind;
        this.patience = patience;
        this.rest = rest;
        this.ended = ended;
    }

    /** Whether there is trouble, be it a span already or not. */
    boolean isTroubled() {
        return troubled > 0;
    }

    boolean isSpan() {
        return troubled >= patience;
    }

    /** When it began; only when there is some. */
    long since() {
        return since;
    }

    /** The sample shows trouble with the connection. */
    void trouble(long at, Severity how, String sentence) {
        trouble(at, how, null, sentence);
    }

    /** The sample shows trouble; the last sentence counts, and the highest severity. */
    void trouble(long at, Severity how, @Nullable TrackName about, String sentence) {
        if (troubled == 0) {
            since = at;
            severity = how;
            track = about;
            several = false;
        }
        several |= about == null || !about.equals(track);
        troubled++;
        rested = 0;
        severity = how.compareTo(severity) > 0 ? how : severity;
        says = sentence;
    }

    /** What there is makes a span, however short it may be. */
    void makeSpan() {
        troubled = Math.max(troubled, patience);
    }

    /** The sample shows none. */
    void fine(long at) {
        if (troubled == 0) {
            return;
        }
        if (rested++ == 0) {
            until = at;
        }
        if (troubled < patience || rested >= rest) {
            close(until);
        }
    }

    /** As fine, with what there is to be said at the end. */
    void fine(long at, String sentence) {
        says = sentence;
        fine(at);
    }

    /** Nothing more comes. */
    void end(long at) {
        close(rested > 0 ? until : at);
    }

    private void close(long to) {
        if (troubled >= patience) {
            ended.accept(span(OptionalLong.of(to)));
        }
        troubled = 0;
        rested = 0;
    }

    /** The span that lasts. */
    Optional<Span> lasting() {
        return isSpan() ? Optional.of(span(OptionalLong.empty())) : Optional.empty();
    }

    private Span span(OptionalLong to) {
        Optional<TrackName> about = several ? Optional.empty() : Optional.ofNullable(track);
        return new Span(
                since,
                to,
                kind,
                severity,
                about.map(TrackName::stream),
                about.map(name -> name.owner().value()),
                says);
    }
}
