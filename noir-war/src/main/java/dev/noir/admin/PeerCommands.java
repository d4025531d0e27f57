package dev.noir.admin;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.NodeCommands.Done;
import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand;
import dev.noir.room.PeerName;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.RoomReport;
import dev.noir.room.RoomReport.PeerReport;
import dev.noir.room.Rooms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What can be done to the peers of an open room, and to what they send. Thread: any. */
public final class PeerCommands {
    static final int MAX_BAN_SECONDS = 2_592_000;

    /** Which peer. */
    public record PeerOf(@Member("its room, the sid of clients") String room, @Member("its name there") String uid) {}

    /** A stream's tracks of one kind. */
    public record TrackEntry(
            @Member("whose") String uid,
            @Member("id of the stream, as others know it") String stream,
            @Member("audio or video") Medium kind,
            @Member("a screen") boolean screen,
            @Member("it reaches nobody") boolean muted) {}

    /** Somebody in a room. */
    public record PeerEntry(
            @Member("its name") String uid,
            @Member("who is behind it; missing: it is anonymous") Optional<String> principal,
            @Member("it is in the lobby") boolean waiting,
            @Member("it plays to those who wait there, and is nobody in the meeting") boolean attends,
            @Member("what it may, or could once admitted") List<String> grants,
            @Member("kinds of its media that reach nobody") List<Medium> squelched,
            @Member("what it sends") List<TrackEntry> tracks) {}

    /** Somebody who is not to come in. */
    public record BanEntry(
            @Member("of the ban") String id,
            @Member("the name that he had") String uid,
            @Member("who he is; missing: he was anonymous") Optional<String> principal,
            @Member("until then, in ms since 1970") long until) {}

    /** Everybody in a room. */
    public record PeerList(
            @Member("in the order of joining") List<PeerEntry> peers, @Member("in force") List<BanEntry> bans) {}

    /** Who is to go. */
    public record Kick(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member(value = "for the peer", max = 128) Optional<String> reason) {}

    /** Who is to go where. */
    public record Move(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member("the other room") String to) {}

    /** Who is to go, and for how long. */
    public record Banish(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member(value = "how long it may not come back", min = 1, max = MAX_BAN_SECONDS) int seconds,
            @Member(value = "for the peer", max = 128) Optional<String> reason) {}

    /** A ban. */
    public record BanId(@Member("by which it can be lifted") String id) {}

    /** Which ban. */
    public record Unban(@Member("the room, the sid of clients") String room, @Member("of the ban") String id) {}

    /** Whose media reaches nobody, to come tracks included. */
    public record Squelch(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member("audio or video; both when missing") Optional<Medium> kind,
            @Member("from now on, or no longer") boolean squelched) {}

    /** Which stream reaches nobody. */
    public record Mute(
            @Member("the room, the sid of clients") String room,
            @Member("who sends it") String uid,
            @Member("id of the stream, as others know it") String stream,
            @Member("from now on, or no longer") boolean muted) {}

    /** Whose tracks. */
    public record TracksOf(
            @Member("the room, the sid of clients") String room,
            @Member("of one peer; of all when missing") Optional<String> uid) {}

    /** What is sent. */
    public record TrackList(@Member("by peer, in the order of joining") List<TrackEntry> tracks) {}

    /** What a peer may. */
    public record GrantList(@Member("as docs/protocol.md names them") List<String> grants) {}

    /** What a peer shall be allowed. */
    public record SetGrants(
            @Member("its room, the sid of clients") String room,
            @Member("its name there") String uid,
            @Member("these and no others; join always") List<String> grants) {}

    private final Rooms rooms;

    PeerCommands(Rooms rooms) {
        this.rooms = rooms;
    }

    private CompletionStage<RoomReport> report(Actor actor, String room) {
        return rooms.report(actor.caller(), new RoomId(room));
    }

    public CompletionStage<PeerList> list(Actor actor, RoomCommands.RoomName input) {
        return report(actor, input.room())
                .thenApply(report -> new PeerList(
                        report.peers().stream().map(PeerCommands::entry).toList(),
                        report.bans().stream()
                                .map(ban -> new BanEntry(
                                        ban.id(),
                                        ban.name(),
                                        present(ban.principal()),
                                        ban.until().toEpochMilli()))
                                .toList()));
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static PeerEntry entry(PeerReport peer) {
        return new PeerEntry(
                peer.name().value(),
                present(peer.principal()),
                peer.waiting(),
                peer.attends(),
                peer.grants().wire(),
                peer.squelched().stream().sorted().toList(),
                tracks(peer));
    }

    private static List<TrackEntry> tracks(PeerReport peer) {
        return peer.streams().stream()
                .map(stream -> new TrackEntry(
                        peer.name().value(), stream.id(), stream.medium(), stream.screen(), stream.squelched()))
                .toList();
    }

    private CompletionStage<PeerReport> find(Actor actor, String room, String uid) {
        PeerName name = new PeerName(uid);
        return report(actor, room).thenApply(report -> report.peers().stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException(Code.NOT_FOUND, "there is no peer of that name")));
    }

    public CompletionStage<PeerEntry> get(Actor actor, PeerOf input) {
        return find(actor, input.room(), input.uid()).thenApply(PeerCommands::entry);
    }

    public CompletionStage<Done> admit(Actor actor, PeerOf input) {
        return RoomCommands.done(rooms.admit(actor.caller(), new RoomId(input.room()), new PeerName(input.uid())));
    }

    public CompletionStage<Done> kick(Actor actor, Kick input) {
        return RoomCommands.done(rooms.kick(
                actor.caller(),
                new RoomId(input.room()),
                new PeerName(input.uid()),
                input.reason().orElse("")));
    }

    /** Asks at the other door first, as far as that can be known: who is sent away and not let in has neither room. */
    public CompletionStage<Done> move(Actor actor, Move input) {
        RoomId to = new RoomId(input.to());
        if (to.value().equals(input.room())) {
            throw new CommandException(Code.INVALID, "to is the room that the peer is in");
        }
        return find(actor, input.room(), input.uid())
                .thenCompose(peer -> checkPlace(actor, to, peer))
                .thenCompose(free -> RoomCommands.done(
                        rooms.move(actor.caller(), new RoomId(input.room()), new PeerName(input.uid()), to)));
    }

    private CompletionStage<Done> checkPlace(Actor actor, RoomId to, PeerReport peer) {
        return RoomCommands.ifOpen(rooms.moderate(actor.caller(), to, new ModerationCommand.Describe()))
                .thenCombine(RoomCommands.ifOpen(rooms.report(actor.caller(), to)), (described, report) -> {
                    described.ifPresent(room -> checkPlace((RoomDescription) room));
                    report.ifPresent(present -> checkPeer(present, peer));
                    return new Done();
                });
    }

    private static void checkPlace(RoomDescription room) {
        if (room.counts().peers() >= room.options().maxPeers()) {
            throw new CommandException(Code.FULL, "the other room is full");
        }
    }

    private static void checkPeer(RoomReport there, PeerReport peer) {
        boolean banned = there.bans().stream()
                .anyMatch(ban -> peer.principal().isEmpty()
                        ? ban.principal().isEmpty()
                                && ban.name().equals(peer.name().value())
                        : ban.principal().equals(peer.principal()));
        if (banned) {
            throw new CommandException(Code.FORBIDDEN, "the peer is banned in the other room");
        }
        boolean taken = there.peers().stream()
                .anyMatch(other -> other.name().equals(peer.name())
                        && (peer.principal().isEmpty() || !other.principal().equals(peer.principal())));
        if (taken) {
            throw new CommandException(Code.EXISTS, "somebody in the other room has that name");
        }
    }

    public CompletionStage<BanId> ban(Actor actor, Banish input) {
        return rooms.ban(
                        actor.caller(),
                        new RoomId(input.room()),
                        new PeerName(input.uid()),
                        Duration.ofSeconds(input.seconds()),
                        input.reason().orElse(""))
                .thenApply(BanId::new);
    }

    public CompletionStage<Done> unban(Actor actor, Unban input) {
        return RoomCommands.done(rooms.unban(actor.caller(), new RoomId(input.room()), input.id()));
    }

    public CompletionStage<Done> squelch(Actor actor, Squelch input) {
        return RoomCommands.done(rooms.squelch(
                actor.caller(), new RoomId(input.room()), new PeerName(input.uid()), input.kind(), input.squelched()));
    }

    public CompletionStage<TrackList> tracks(Actor actor, TracksOf input) {
        if (input.uid().isPresent()) {
            return find(actor, input.room(), input.uid().get()).thenApply(peer -> new TrackList(tracks(peer)));
        }
        return report(actor, input.room())
                .thenApply(report -> new TrackList(report.peers().stream()
                        .flatMap(peer -> tracks(peer).stream())
                        .toList()));
    }

    /** A stream that nobody sends is no stream: else a slip of the pen would look like success. */
    public CompletionStage<Done> mute(Actor actor, Mute input) {
        return find(actor, input.room(), input.uid()).thenCompose(peer -> {
            boolean sent =
                    peer.streams().stream().anyMatch(stream -> stream.id().equals(input.stream()));
            if (input.muted() && !sent) {
                throw new CommandException(Code.NOT_FOUND, "the peer has no such stream");
            }
            return RoomCommands.done(rooms.moderate(
                    actor.caller(),
                    new RoomId(input.room()),
                    new ModerationCommand.Squelch(
                            input.muted(), peer.name(), Optional.empty(), Optional.of(input.stream()))));
        });
    }

    public CompletionStage<GrantList> grants(Actor actor, PeerOf input) {
        return find(actor, input.room(), input.uid())
                .thenApply(peer -> new GrantList(peer.grants().wire()));
    }

    public CompletionStage<Done> setGrants(Actor actor, SetGrants input) {
        List<Grant> grants = new ArrayList<>();
        for (String word : input.grants()) {
            grants.add(Grant.ofWire(word)
                    .orElseThrow(() -> new CommandException(Code.INVALID, "grants holds one that does not exist")));
        }
        return RoomCommands.done(rooms.setGrants(
                actor.caller(), new RoomId(input.room()), new PeerName(input.uid()), Grants.of(grants)));
    }
}
