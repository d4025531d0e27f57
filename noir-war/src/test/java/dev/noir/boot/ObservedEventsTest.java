package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.PeerJoined;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomOpened;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ObservedEventsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<RoomEvent> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private final class Recorder implements ObservedEvents.Observers {
        @Override
        public boolean observe(RoomEvent event) {
            return !(event instanceof RoomClosed);
        }

        @Override
        public void tell(RoomEvent event) {
            told.add(event);
            if (event instanceof RoomOpened) {
                throw new NoClassDefFoundError("expected by this test");
            }
        }
    }

    @Test
    void tellsInOrderWhateverAnObserverThrows() {
        ObservedEvents events = new ObservedEvents(new Recorder(), threads);
        events.happened(new RoomOpened("r", 1));
        for (long i = 2; i <= 1000; i++) {
            events.happened(new PeerJoined("r", i, "p", ""));
        }
        events.close();

        assertEquals(
                LongStream.rangeClosed(1, 1000).boxed().toList(),
                told.stream().map(RoomEvent::sequence).toList());
    }

    @Test
    void tellsNobodyWhatNobodyWants() {
        ObservedEvents events = new ObservedEvents(new Recorder(), threads);
        events.happened(new RoomClosed("r", 1));
        events.close();

        assertEquals(List.of(), told);
    }

    @Test
    void anObserverThatHangsHoldsUpNobody() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        ObservedEvents.Observers hanging = new ObservedEvents.Observers() {
            @Override
            public boolean observe(RoomEvent event) {
                return true;
            }

            @Override
            public void tell(RoomEvent event) {
                told.add(event);
                entered.countDown();
                try {
                    hangs.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        ObservedEvents events = new ObservedEvents(hanging, threads);
        events.happened(new RoomOpened("r", 1));
        entered.await();
        for (long i = 2; i <= 2L * ObservedEvents.MAX_WAITING; i++) {
            events.happened(new PeerJoined("r", i, "p", ""));
        }
        hangs.countDown();
        events.close();

        assertEquals(1 + ObservedEvents.MAX_WAITING, told.size());
        assertTrue(told.get(told.size() - 1).sequence() < 2L * ObservedEvents.MAX_WAITING);
    }
}
