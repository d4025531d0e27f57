package dev.noir.admin;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who has changed what lately, at all nodes. Thread: any. */
public final class AuditCommands {
    /** In one answer. */
    static final int MAX_LISTED = 200;

    private static final int LISTED = 100;

    /** How many. */
    public record ListAudits(
            @Member(value = "at most so many; 100 when missing", min = 1, max = MAX_LISTED) Optional<Integer> limit) {}

    /** A command that changes something, and what came of it. */
    public record AuditEntry(
            @Member("when it was answered, in ms since 1970") long at,
            @Member("that was asked") String node,
            @Member("who; missing: somebody with the admin token") Optional<String> who,
            @Member("the address; empty: not known") String from,
            @Member("through which door") String door,
            @Member("what") String command,
            @Member("its params as texts, secrets as asterisks") Map<String, ?> params,
            @Member("done, or why not") String result) {}

    /** The last ones. */
    public record AuditList(
            @Member("the newest first") List<AuditEntry> audits,
            @Member("nodes that did not answer: theirs are missing") List<String> silent) {}

    // Given.
    private final NodeCalls calls;
    private final InstantSource clock;

    // Owned: what this node does for others.
    private final AuditTrail trail = new AuditTrail();
    private final Command<ListAudits, AuditList> own;

    AuditCommands(NodeCalls calls, InstantSource clock) {
        this.calls = calls;
        this.clock = clock;
        // It changes nothing, but who has done what is told to nodes alone that can show that they are some.
        this.own = calls.register(new Command<>(
                "node.audit", "its own", true, ListAudits.class, AuditList.class, (actor, input) -> here(input)));
    }

    /** Writes it down, in the log and for a look. */
    void add(Actor actor, String command, Record input, String result) {
        CommandAudit.log(actor, command, input, result);
        trail.add(new AuditEntry(
                clock.millis(),
                calls.cluster().self(),
                actor.caller().isAnonymous()
                        ? Optional.empty()
                        : Optional.of(actor.caller().principal()),
                actor.caller().address(),
                actor.door(),
                command,
                CommandAudit.members(input),
                result));
    }

    private CompletionStage<AuditList> here(ListAudits input) {
        return CompletableFuture.completedStage(
                new AuditList(trail.last(input.limit().orElse(LISTED)), List.of()));
    }

    CompletionStage<AuditList> list(Actor actor, ListAudits input) {
        return calls.askAll(actor, own, input)
                .thenApply(all -> new AuditList(
                        all.answers().values().stream()
                                .flatMap(one -> one.audits().stream())
                                .sorted(Comparator.comparingLong(AuditEntry::at).reversed())
                                .limit(input.limit().orElse(LISTED))
                                .toList(),
                        all.silent()));
    }
}
