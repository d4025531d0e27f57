package dev.noir.admin;

import dev.noir.restreaming.Restream;
import dev.noir.room.PeerName;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A job that sends something out of a room. Thread: any.
 *
 * @param address where players find it
 */
record SentStream(Restream stream, Optional<String> address) implements JobKind.Run {
    @Override
    public CompletionStage<?> over() {
        return stream.over();
    }

    @Override
    public void stop() {
        stream.stop();
    }

    @Override
    public JobKind.Progress progress() {
        JobKind.State state =
                switch (stream.state()) {
                    case STARTING -> JobKind.State.STARTING;
                    case WAITING -> JobKind.State.WAITING;
                    case RUNNING, OVER -> JobKind.State.RUNNING;
                };
        return new JobKind.Progress(
                state, stream.sent().map(PeerName::value), Optional.empty(), stream.says(), address);
    }
}
