package dev.noir.playing;

import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.room.Playing;
import dev.noir.room.Projector;
import dev.noir.room.RoomException;
import dev.noir.room.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Plays the files of a folder, and those of other hosts that may be fetched. Thread: any. */
public final class FolderProjector implements Projector {
    /** So often it is told where a file is. */
    static final Duration REPORTS = Duration.ofSeconds(1);

    // Given.
    private final PlayFolder folder;
    private final UrlFiles urls;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Executor blocking;

    /** @param blocking threads for what blocks, of which a file takes two at most */
    public FolderProjector(
            PlayFolder folder, UrlFiles urls, Scheduler scheduler, InstantSource clock, Executor blocking) {
        this.folder = folder;
        this.urls = urls;
        this.scheduler = scheduler;
        this.clock = clock;
        this.blocking = blocking;
    }

    @Override
    public Showing begin(Playing what, Events events) {
        Shown shown = new Shown(what, events);
        shown.player.start();
        return shown;
    }

    @Override
    public CompletionStage<List<String>> files() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return folder.isOn() ? folder.list() : List.of();
                    } catch (MediaFileException e) {
                        throw new RoomException(RoomException.Code.UNAVAILABLE, String.valueOf(e.getMessage()), e);
                    } catch (IOException e) { // Its words have paths in them.
                        throw new RoomException(
                                RoomException.Code.UNAVAILABLE, "the folder for playing cannot be read", e);
                    }
                },
                blocking);
    }

    /** One of them. It stands still until it is known where its frames go. */
    private final class Shown implements Showing, Player.Sink {
        private final String file;
        private final Events events;
        private final Player player;

        // State. Guarded by `this`.
        private List<SourceTrack> contents = List.of();
        private Map<Integer, InjectedTrack> tracks = Map.of();
        private boolean started;
        private boolean over;
        private boolean wantsPause;
        private @Nullable Playing told;
        private Scheduler.@Nullable Timer report;

        Shown(Playing what, Events events) {
            this.file = what.file();
            this.events = events;
            this.wantsPause = what.paused();
            this.player = new Player(
                    () -> UrlRules.isUrl(file) ? urls.open(file) : folder.open(file),
                    new Player.Options(what.repeat(), Duration.ofMillis(what.position()), true),
                    scheduler,
                    clock,
                    blocking,
                    this);
        }

        @Override
        public void onTracks(List<SourceTrack> found) {
            synchronized (this) {
                contents = List.copyOf(found);
            }
            events.onOpened(found.stream()
                    .map(track -> new Content(track.codec(), track.codecPrivate()))
                    .toList());
        }

        @Override
        public synchronized void start(List<InjectedTrack> injected) {
            if (over || started) {
                return;
            }
            Map<Integer, InjectedTrack> byNumber = new HashMap<>();
            for (int i = 0; i < contents.size(); i++) {
                byNumber.put(contents.get(i).number(), injected.get(i));
            }
            tracks = byNumber;
            started = true;
            if (!wantsPause) {
                player.resume();
            }
            reportIn(Duration.ZERO);
        }

        /** Instead of the one that was to come; the lock is held. */
        private void reportIn(Duration time) {
            cancelReport();
            report = scheduler.schedule(time, this::report);
        }

        private void cancelReport() {
            if (report != null) {
                report.cancel();
            }
        }

        /** What the plane does not take is lost, as on a line. */
        @Override
        public void onFrame(SourceTrack track, EncodedFrame frame) {
            InjectedTrack to;
            synchronized (this) {
                to = over ? null : tracks.get(track.number());
            }
            if (to != null) {
                to.write(frame);
            }
        }

        /** Under the lock, which keeps what is told in order; whoever is told only notes it down. */
        private synchronized void report() {
            if (over) {
                return;
            }
            Playing now = new Playing(file, player.repeats(), player.position().toMillis(), wantsPause);
            reportIn(REPORTS);
            if (!now.equals(told)) {
                told = now;
                events.onMoved(now);
            }
        }

        @Override
        public synchronized void change(Playing.Change change) {
            if (over) {
                return;
            }
            OptionalLong position = change.position();
            if (position.isPresent()) {
                player.seek(Duration.ofMillis(position.getAsLong()));
            }
            wantsPause = change.paused().orElse(wantsPause);
            if (wantsPause) {
                player.pause();
            } else if (started) {
                player.resume();
            }
            if (started) {
                reportIn(Duration.ZERO);
            }
        }

        @Override
        public void onEnded() {
            if (end()) {
                events.onEnded();
            }
        }

        @Override
        public void onFailed(String words) {
            if (end()) {
                events.onFailed(words);
            }
        }

        @Override
        public void close() {
            if (end()) {
                player.stop();
            }
        }

        /** False when it is over already. */
        private synchronized boolean end() {
            boolean first = !over;
            over = true;
            cancelReport();
            return first;
        }
    }
}
