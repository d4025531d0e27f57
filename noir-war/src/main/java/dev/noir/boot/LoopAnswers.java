package dev.noir.boot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What media loops say when all are asked the same. Thread: any. */
final class LoopAnswers {
    private static final long LIMIT_SECONDS = 2;

    private LoopAnswers() {}

    /** Waits for them; of a loop that hangs, or is no more, there is none. */
    static <T> List<T> of(List<CompletableFuture<T>> asked) {
        return asked.stream().map(LoopAnswers::of).flatMap(Optional::stream).toList();
    }

    private static <T> Optional<T> of(CompletableFuture<T> answer) {
        try {
            return Optional.of(answer.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }
}
