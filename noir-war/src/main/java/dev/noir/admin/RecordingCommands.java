package dev.noir.admin;

import dev.noir.recording.Description;
import dev.noir.recording.Recordings;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What has been recorded, at all nodes. Thread: any. */
public final class RecordingCommands {
    /** In one answer. */
    static final int MAX_LISTED = 200;

    private static final int LISTED = 100;

    /** Which ones. */
    public record ListRecordings(
            @Member("in this room, the sid of clients; in all when missing") Optional<String> room,
            @Member(value = "at most so many; 100 when missing", min = 1, max = MAX_LISTED) Optional<Integer> limit) {}

    /** A track of a file. */
    public record RecordedTrack(
            @Member("its id, as others know it") String id,
            @Member("opus, vp8, vp9, av1 or h264") String codec,
            @Member("of the picture in pixels; 0: audio") int width,
            @Member("of the picture in pixels; 0: audio") int height,
            @Member("in the file; 0 while it is being written") long frames,
            @Member("of it that never came") long lostPackets) {}

    /** A file. */
    public record RecordingEntry(
            @Member("its name in the folder of the room") String file,
            @Member("that has written it") String node,
            @Member("in which room") String room,
            @Member("whose") String uid,
            @Member("under which name the server knows him, if it does") Optional<String> principal,
            @Member("id of the stream, as others know it") String stream,
            @Member("a screen") boolean screen,
            @Member("counts the files of a stream, from 1") int part,
            @Member("when its first frame was captured, in ms since 1970") long started,
            @Member("when its last one was; missing: it is being written, or the server has died") Optional<Long> ended,
            @Member("ended with its tracks, changed: another part follows, stopped, failed; empty: not yet") String why,
            @Member("of the file; 0 while it is being written") long bytes,
            @Member("packets of all tracks that never came") long lostPackets,
            @Member("frames that are missing for want of time or place") int droppedFrames,
            @Member("by number") List<RecordedTrack> tracks) {
        static RecordingEntry of(Description file) {
            return new RecordingEntry(
                    file.file(),
                    file.node(),
                    file.room(),
                    file.peer(),
                    file.principal().isEmpty() ? Optional.empty() : Optional.of(file.principal()),
                    file.stream(),
                    file.screen(),
                    file.part(),
                    file.started(),
                    file.ended() == 0 ? Optional.empty() : Optional.of(file.ended()),
                    file.why(),
                    file.bytes(),
                    file.lostPackets(),
                    file.droppedFrames(),
                    file.tracks().stream()
                            .map(track -> new RecordedTrack(
                                    track.id(),
                                    track.codec(),
                                    track.width(),
                                    track.height(),
                                    track.frames(),
                                    track.lostPackets()))
                            .toList());
        }
    }

    /** Files. */
    public record RecordingList(
            @Member("the newest first") List<RecordingEntry> recordings,
            @Member("nodes that did not answer: theirs are missing") List<String> silent) {}

    // Given.
    private final NodeCalls calls;
    private final Recordings recordings;

    // Owned: what this node does for others.
    private final Command<ListRecordings, RecordingList> own;

    RecordingCommands(NodeCalls calls, Recordings recordings) {
        this.calls = calls;
        this.recordings = recordings;
        // It changes nothing, but who has said something is told to nodes alone that can show that they are some.
        this.own = calls.register(new Command<>(
                "node.recordings",
                "its own",
                true,
                ListRecordings.class,
                RecordingList.class,
                (actor, input) -> here(input)));
    }

    private CompletionStage<RecordingList> here(ListRecordings input) {
        return recordings
                .list(input.room(), input.limit().orElse(LISTED))
                .thenApply(files ->
                        new RecordingList(files.stream().map(RecordingEntry::of).toList(), List.of()));
    }

    CompletionStage<RecordingList> list(Actor actor, ListRecordings input) {
        return calls.askAll(actor, own, input)
                .thenApply(all -> new RecordingList(
                        all.answers().values().stream()
                                .flatMap(one -> one.recordings().stream())
                                .distinct() // Nodes may share a directory.
                                .sorted(Comparator.comparingLong(RecordingEntry::started)
                                        .reversed())
                                .limit(input.limit().orElse(LISTED))
                                .toList(),
                        all.silent()));
    }
}
