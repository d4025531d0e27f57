package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.history.Departed;
import dev.noir.history.History;
import dev.noir.history.Sample;
import dev.noir.history.Span;
import dev.noir.history.Timeline;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What peers' connections have done of late, also of those who have left. Every node remembers its own. Thread: any. */
public final class TimelineCommands {
    /** Whose, and when. */
    public record TimelineOf(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member("what was before is left out; in ms since 1970") Optional<Long> from,
            @Member("what was then and later is left out; in ms since 1970") Optional<Long> to) {}

    /** One participant's timeline. */
    public record PeerTimeline(
            @Member("its room") String room,
            @Member("its name there") String uid,
            @Member("at this node; in ms since 1970") long joined,
            @Member("in ms since 1970; missing: it is there") Optional<Long> left,
            @Member("from sample to sample, in ms") int step,
            @Member("ascending; as far back as noir.history.length") List<SampleEntry> samples,
            @Member("what went wrong; by when it began") List<SpanEntry> spans) {}

    /** Its connections at a moment. */
    public record SampleEntry(
            @Member("when, in ms since 1970") long at,
            @Member("udp, or tcp if one of its two connections goes over that; missing: none is up")
                    Optional<Sample.Path> path,
            @Member("round trip in ms") Optional<Integer> rtt,
            @Member("what its line takes towards it, in bit/s; missing: the client does not report it")
                    Optional<Long> estimate,
            @Member("from it to us, in bit/s") long sent,
            @Member("from us to it, in bit/s, without headers") long received,
            @Member("of what it sends, per mille") Optional<Integer> lossUp,
            @Member("of what it is sent, per mille") Optional<Integer> lossDown,
            @Member("pictures of others that it is sent") int pictures,
            @Member("those it is not sent, since its line does not take them") int paused) {}

    /** Something that went wrong, or should be known. */
    public record SpanEntry(
            @Member("in ms since 1970") long from,
            @Member("in ms since 1970; missing while it lasts") Optional<Long> to,
            @Member("what it is; more may come") Span.Kind kind,
            @Member("how much of it is noticed") Span.Severity severity,
            @Member("id of the stream, if it is about one") Optional<String> stream,
            @Member("whose stream that is") Optional<String> of,
            @Member("a sentence for people, without times of the day; its words may change") String says) {}

    /** Who has left. */
    public record PastPeers(@Member("of all nodes, by when they left") List<PastPeer> peers) {}

    /** One stay of somebody. */
    public record PastPeer(
            @Member("its name") String uid,
            @Member("in ms since 1970") long joined,
            @Member("in ms since 1970") long left,
            @Member("how many there are in its timeline") int spans,
            @Member("the worst of them; missing: there are none") Optional<Span.Severity> worst) {}

    /** What one node remembers. */
    public record Remembered(@Member("missing: nothing") Optional<PeerTimeline> timeline) {}

    // Given.
    private final NodeCalls calls;
    private final History history;

    // Owned. As changes, since they are about one room: other nodes are answered only if all share a secret.
    private final Command<TimelineOf, Remembered> remembered;
    private final Command<RoomCommands.RoomName, PastPeers> departed;

    TimelineCommands(NodeCalls calls, History history) {
        this.calls = calls;
        this.history = history;
        this.remembered = calls.register(new Command<>(
                "node.timeline",
                "What this node remembers of a peer.",
                true,
                TimelineOf.class,
                Remembered.class,
                (actor, input) -> CompletableFuture.completedStage(new Remembered(find(input)))));
        this.departed = calls.register(new Command<>(
                "node.past",
                "Whom this node remembers of those who have left a room.",
                true,
                RoomCommands.RoomName.class,
                PastPeers.class,
                (actor, input) -> CompletableFuture.completedStage(past(input))));
    }

    private Optional<PeerTimeline> find(TimelineOf input) {
        long from = input.from().orElse(0L);
        long to = input.to().orElse(Long.MAX_VALUE);
        return history.timeline(new RoomId(input.room()), new PeerName(input.uid()), from, to)
                .map(found -> entry(input, found));
    }

    private static PeerTimeline entry(TimelineOf input, Timeline found) {
        return new PeerTimeline(
                input.room(),
                input.uid(),
                found.joined(),
                present(found.left()),
                found.stepMillis(),
                found.samples().stream().map(TimelineCommands::entry).toList(),
                found.spans().stream().map(TimelineCommands::entry).toList());
    }

    private static SampleEntry entry(Sample sample) {
        return new SampleEntry(
                sample.at(),
                sample.path(),
                present(sample.rtt()),
                present(sample.estimate()),
                sample.sent(),
                sample.received(),
                present(sample.lossUp()),
                present(sample.lossDown()),
                sample.pictures(),
                sample.paused());
    }

    private static SpanEntry entry(Span span) {
        return new SpanEntry(
                span.from(), present(span.to()), span.kind(), span.severity(), span.stream(), span.of(), span.says());
    }

    private static Optional<Long> present(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static Optional<Integer> present(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private PastPeers past(RoomCommands.RoomName input) {
        return new PastPeers(history.departed(new RoomId(input.room())).stream()
                .map(TimelineCommands::entry)
                .toList());
    }

    private static PastPeer entry(Departed stay) {
        return new PastPeer(stay.uid(), stay.joined(), stay.left(), stay.spans(), stay.worst());
    }

    /** Of the stay that lasts, else of the last one that any node remembers. */
    public CompletionStage<PeerTimeline> timeline(Actor actor, TimelineOf input) {
        find(input); // Names are looked at.
        CompletableFuture<PeerTimeline> result = new CompletableFuture<>();
        List<PeerTimeline> over = Collections.synchronizedList(new ArrayList<>());
        calls.askEach(actor, remembered, input, (node, answer) -> answer.timeline()
                        .ifPresent(found -> {
                            if (found.left().isEmpty()) {
                                result.complete(found); // Whoever is silent need not be waited for.
                            } else {
                                over.add(found);
                            }
                        }))
                .whenComplete((silent, failure) -> over.stream()
                        .max(Comparator.comparingLong(PeerTimeline::joined))
                        .ifPresentOrElse(
                                result::complete,
                                () -> result.completeExceptionally(
                                        silent.isEmpty()
                                                ? new CommandException(
                                                        Code.NOT_FOUND,
                                                        "nothing is remembered of such a peer there and then")
                                                : first(silent))));
        return result.minimalCompletionStage();
    }

    public CompletionStage<PastPeers> past(Actor actor, RoomCommands.RoomName input) {
        past(input);
        List<PastPeer> peers = Collections.synchronizedList(new ArrayList<>());
        return calls.askEach(actor, departed, input, (node, answer) -> peers.addAll(answer.peers()))
                .thenApply(silent -> {
                    if (peers.isEmpty() && !silent.isEmpty()) {
                        throw first(silent);
                    }
                    return new PastPeers(peers.stream()
                            .sorted(Comparator.comparingLong(PastPeer::left))
                            .toList());
                });
    }

    private static CommandException first(SortedMap<String, CommandException> silent) {
        return silent.values().iterator().next();
    }
}
