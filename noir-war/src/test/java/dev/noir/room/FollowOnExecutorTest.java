package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

final class FollowOnExecutorTest {
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final FollowOnExecutor executor = new FollowOnExecutor(turns::add);
    private final List<String> ran = new ArrayList<>();

    @Test
    void whatATaskPostsIsDoneByItsThreadAfterIt() {
        executor.execute(() -> {
            executor.execute(() -> {
                executor.execute(() -> ran.add("third"));
                ran.add("second");
            });
            ran.add("first");
        });
        assertEquals(1, turns.size());
        turns.remove().run();

        assertEquals(List.of("first", "second", "third"), ran);
        assertEquals(0, turns.size());
    }

    /** An answer goes from the room to the route and out before what the room has posted after it. */
    @Test
    void whatAFollowOnPostsGoesBeforeWhatWaits() {
        executor.execute(() -> {
            executor.execute(() -> {
                executor.execute(() -> ran.add("the answer leaves"));
                ran.add("the answer");
            });
            executor.execute(() -> ran.add("news for others"));
        });
        turns.remove().run();

        assertEquals(List.of("the answer", "the answer leaves", "news for others"), ran);
    }

    /** Two joins wait: the first one's answer leaves before the second is dealt with. */
    @Test
    void anActorsAnswersGoBeforeItsNextTask() {
        SerialExecutor room = new SerialExecutor("room", executor);
        for (String name : List.of("a", "b")) {
            room.execute(() -> {
                ran.add("join of " + name);
                executor.execute(() -> ran.add("answer to " + name));
            });
        }
        while (!turns.isEmpty()) {
            turns.remove().run();
        }

        assertEquals(List.of("join of a", "answer to a", "join of b", "answer to b"), ran);
    }

    @Test
    void manyAreSharedWithOtherThreads() {
        executor.execute(() -> {
            for (int i = 0; i < FollowOnExecutor.MAX_FOLLOW_ONS + 3; i++) {
                executor.execute(() -> ran.add("task"));
            }
        });
        turns.remove().run();

        assertEquals(FollowOnExecutor.MAX_FOLLOW_ONS, ran.size());
        assertEquals(3, turns.size());
    }

    @Test
    void nobodyWaitsForATaskThatWaits() {
        executor.execute(() -> {
            executor.execute(FollowOnExecutor::aboutToWait);
            executor.execute(() -> ran.add("other"));
        });
        turns.remove().run();

        assertEquals(List.of(), ran);
        turns.remove().run();
        assertEquals(List.of("other"), ran);
    }

    @Test
    void whatATaskPostsAfterWaitingFollowsIt() {
        executor.execute(() -> {
            FollowOnExecutor.aboutToWait();
            executor.execute(() -> ran.add("next"));
        });
        turns.remove().run();

        assertEquals(List.of("next"), ran);
        assertEquals(0, turns.size());
    }

    @Test
    void aFailingTaskKeepsNoOtherFromBeingDone() {
        executor.execute(() -> {
            executor.execute(() -> ran.add("other"));
            throw new IllegalStateException("expected by this test");
        });
        turns.remove().run();

        assertEquals(List.of("other"), ran);
    }

    @Test
    void whatNoOtherThreadTakesIsDoneByThisOne() {
        FollowOnExecutor narrow = new FollowOnExecutor(task -> {
            if (!turns.isEmpty()) {
                throw new RejectedExecutionException("expected by this test");
            }
            turns.add(task);
        });
        narrow.execute(() -> {
            narrow.execute(() -> ran.add("first"));
            narrow.execute(() -> ran.add("second"));
            turns.add(() -> {});
            FollowOnExecutor.aboutToWait();
            ran.add("waited");
        });
        turns.remove().run();

        assertEquals(List.of("waited", "first", "second"), ran);
    }

    @Test
    void postsFromOutsideGoToTheThreads() {
        FollowOnExecutor.aboutToWait();
        executor.execute(() -> ran.add("a"));
        executor.execute(() -> ran.add("b"));
        assertEquals(2, turns.size());
    }
}
