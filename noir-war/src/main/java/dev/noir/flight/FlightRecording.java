package dev.noir.flight;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/** The recorder of the JDK. Thread: any. */
final class FlightRecording implements FlightLog {
    private static final List<Class<? extends Event>> EVENTS = List.of(
            JoinEvent.class,
            PublishEvent.class,
            IceFailureEvent.class,
            TakeOverEvent.class,
            SlowLoopEvent.class,
            LayerSwitchEvent.class);

    private final List<Runnable> looks = new CopyOnWriteArrayList<>();
    private final List<FlightRecorderListener> listeners = new CopyOnWriteArrayList<>();

    // The check for whether anybody records is in commit; what is put together for it is not worth another.

    @Override
    public void joined(String room, String peer, String state, String path, Duration took) {
        new JoinEvent(room, peer, state, path, took.toNanos()).commit();
    }

    @Override
    public void published(String room, String peer, String stream, String kind) {
        new PublishEvent(room, peer, stream, kind).commit();
    }

    @Override
    public void mediaFailed(String room, String peer, int loop, String reason) {
        new IceFailureEvent(room, peer, loop, reason).commit();
    }

    @Override
    public void tookOver(String room, String peer, boolean resumed, Duration took) {
        new TakeOverEvent(room, peer, resumed, took.toNanos()).commit();
    }

    @Override
    public void slowLoop(int loop, Duration took) {
        new SlowLoopEvent(loop, took.toNanos()).commit();
    }

    @Override
    public void layerSwitched(
            String room, String peer, String publisher, String stream, String from, String to, String why) {
        new LayerSwitchEvent(room, peer, publisher, stream, from, to, why).commit();
    }

    /** Not before somebody records: until then the recorder has not even been set up, which takes time. */
    @Override
    public void whileRecording(Runnable look) {
        looks.add(look);
        FlightRecorderListener listener = new FlightRecorderListener() {
            @Override
            public void recorderInitialized(FlightRecorder recorder) {
                FlightRecorder.addPeriodicEvent(SlowLoopEvent.class, look);
            }
        };
        listeners.add(listener);
        FlightRecorder.addListener(listener);
    }

    @Override
    public void close() {
        listeners.forEach(FlightRecorder::removeListener);
        if (FlightRecorder.isInitialized()) {
            looks.forEach(FlightRecorder::removePeriodicEvent);
            EVENTS.forEach(FlightRecorder::unregister);
        }
    }
}
