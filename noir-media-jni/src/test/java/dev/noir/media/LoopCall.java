package dev.noir.media;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A command and its result, for tests. */
final class LoopCall {
    private LoopCall() {}

    /** What {@code command} gives on the loop thread. */
    static <T> T call(MediaLoop loop, Function<LoopCommands, T> command)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(commands -> {
            try {
                result.complete(command.apply(commands));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }
}
