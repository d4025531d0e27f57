package dev.noir.admin;

import dev.noir.admin.RecordJson.Rigour;
import dev.noir.room.PeerName;
import dev.noir.room.PeerRequests;
import dev.noir.room.Playing;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The original's job of that name: plays a file into a room, in which it is a peer like others. The node that hosts the room reads
 * the file. Thread: any.
 */
public final class PlayFile implements JobKind {
    private static final String NAME = "PlayFile";
    private static final String DEFAULT_FILE = "test.video"; // The original's.

    /** How, the first two in the original's words. */
    record Options(
            @Member(value = "name in the folder of files, or a URL", max = Playing.MAX_FILE_CHARS)
                    Optional<String> filename,
            @Member(value = "how often again after the first time; -1: for ever", min = Playing.FOR_EVER)
                    Optional<Integer> repeat,
            @Member("as which peer") Optional<String> name,
            @Member("where to begin, in ms") Optional<Long> position,
            @Member("whether it stands still at first") Optional<Boolean> paused) {
        Playing playing() {
            return new Playing(
                    filename.orElse(DEFAULT_FILE), repeat.orElse(0), position.orElse(0L), paused.orElse(false));
        }
    }

    // Given.
    private final PeerRequests rooms;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    public PlayFile(PeerRequests rooms, Scheduler scheduler, RandomGenerator random) {
        this.rooms = rooms;
        this.scheduler = scheduler;
        this.random = random;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Run start(String room, Map<String, ?> given) {
        Options options = RecordJson.read(Options.class, JobNames.json(given), Rigour.STRICT);
        PeerName name = new PeerName(options.name().orElseGet(() -> JobNames.generated(NAME, random)));
        PlayedFile file = new PlayedFile(rooms, scheduler, new RoomId(room), name, options.playing());
        file.begin();
        return file;
    }
}
