package dev.noir.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** With the recorder of the JVM that runs the tests. */
@Isolated
final class FlightRecordingTest {
    private static final long LIMIT_SECONDS = 30;

    @TempDir
    private Path folder;

    /** Each test ends what can be ended once in an application. */
    @BeforeEach
    void register() {
        List.of(
                        JoinEvent.class,
                        PublishEvent.class,
                        IceFailureEvent.class,
                        TakeOverEvent.class,
                        SlowLoopEvent.class,
                        LayerSwitchEvent.class)
                .forEach(FlightRecorder::register);
    }

    private List<RecordedEvent> ours(Recording recording) throws IOException {
        Path file = folder.resolve("ours.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.noir."))
                .toList();
    }

    private static void tellAll(FlightLog flight) {
        flight.joined("r", "p", "ok", "local", Duration.ofMillis(7));
        flight.published("r", "p", "s", "video");
        flight.mediaFailed("r", "p", 1, "dtls_failed");
        flight.tookOver("r", "p", true, Duration.ofSeconds(2));
        flight.slowLoop(3, Duration.ofMillis(200));
        flight.layerSwitched("r", "p", "q", "s", "2/1", "none", "line");
    }

    @Test
    void everythingToldIsInTheRecording() throws IOException {
        try (FlightLog flight = FlightLog.ofThisJvm();
                Recording recording = new Recording()) {
            recording.start();
            tellAll(flight);
            List<RecordedEvent> events = ours(recording);

            assertEquals(
                    List.of(
                            "dev.noir.Join",
                            "dev.noir.Publish",
                            "dev.noir.IceFailure",
                            "dev.noir.TakeOver",
                            "dev.noir.SlowLoop",
                            "dev.noir.LayerSwitch"),
                    events.stream().map(event -> event.getEventType().getName()).toList());
            RecordedEvent join = events.get(0);
            assertEquals(
                    "r p ok local",
                    join.getString("room") + " " + join.getString("peer") + " " + join.getString("state") + " "
                            + join.getString("path"));
            assertEquals(Duration.ofMillis(7), join.getDuration("took"));
            RecordedEvent failure = events.get(2);
            assertEquals(
                    "r p dtls_failed",
                    failure.getString("room") + " " + failure.getString("peer") + " " + failure.getString("reason"));
            assertTrue(events.get(3).getBoolean("resumed"));
            assertEquals(3, events.get(4).getInt("loop"));
            RecordedEvent layers = events.get(5);
            assertEquals(
                    "r p q s",
                    layers.getString("room") + " " + layers.getString("peer") + " " + layers.getString("publisher")
                            + " " + layers.getString("stream"));
            assertEquals(
                    "2/1 none line",
                    layers.getString("from") + " " + layers.getString("to") + " " + layers.getString("why"));
        }
    }

    @Test
    void whatIsToldWhileNobodyRecordsIsNowhere() throws IOException {
        try (FlightLog flight = FlightLog.ofThisJvm();
                Recording recording = new Recording()) {
            tellAll(flight);
            recording.start();

            assertEquals(List.of(), ours(recording));
        }
    }

    @Test
    void looksEachSecondWhileSomebodyRecords() throws InterruptedException {
        CountDownLatch looked = new CountDownLatch(2);
        try (FlightLog flight = FlightLog.ofThisJvm();
                Recording recording = new Recording()) {
            flight.whileRecording(looked::countDown);
            recording.start();

            assertTrue(looked.await(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
    }

    /** Else it would keep the classes of an application that is gone. */
    @Test
    void theRecorderForgetsUs() {
        try (Recording recording = new Recording()) {
            recording.start();
            FlightLog flight = FlightLog.ofThisJvm();
            tellAll(flight);
            assertTrue(isKnown());
            flight.close();

            assertFalse(isKnown());
        }
    }

    private static boolean isKnown() {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .map(EventType::getName)
                .anyMatch("dev.noir.Join"::equals);
    }
}
