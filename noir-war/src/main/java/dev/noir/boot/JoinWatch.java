package dev.noir.boot;

import dev.noir.access.TraceParent;
import dev.noir.admin.Metrics;
import dev.noir.flight.FlightLog;
import dev.noir.room.JoinRequest;
import dev.noir.room.RoomException;
import dev.noir.route.RouteWatch;
import dev.noir.trace.Spans;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of joins and take-overs, as numbers, events of the flight recorder, and spans. Thread: any. */
final class JoinWatch implements RouteWatch {
    private static final List<Double> SECONDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);
    private static final double NANOS = 1e9;
    private static final String OK = "ok";
    private static final String LOCAL = "local";
    private static final String FORWARDED = "forwarded";

    private final FlightLog flight;
    private final Spans spans;
    private final Metrics.Spread joins;
    private final Metrics.Spread takeOvers;

    JoinWatch(Metrics metrics, FlightLog flight, Spans spans) {
        this.flight = flight;
        this.spans = spans;
        this.joins = metrics.spread(
                "noir_join_seconds",
                "Joins of clients of this node by what came of them, and by whether another node was asked",
                SECONDS,
                List.of("state", "path"),
                List.of(List.of(OK, LOCAL), List.of(OK, FORWARDED)));
        this.takeOvers = metrics.spread(
                "noir_take_over_seconds",
                "From losing a room's host to having another one, for each client of this node; or to closing the client",
                SECONDS,
                List.of("result"),
                List.of(List.of("resumed"), List.of("lost")));
    }

    private static double seconds(Duration took) {
        return took.toNanos() / NANOS;
    }

    private static String state(Optional<RoomException.Code> refusal) {
        return refusal.map(code -> code.name().toLowerCase(Locale.ROOT)).orElse(OK);
    }

    @Override
    public Join joining(JoinRequest request) {
        return new Watched(request, begin("noir.join", request)) {
            @Override
            void told(String state, boolean forwarded, Duration took) {
                String path = forwarded ? FORWARDED : LOCAL;
                joins.add(seconds(took), state, path);
                flight.joined(request.room().value(), request.peer().value(), state, path, took);
            }
        };
    }

    @Override
    public Join hosting(JoinRequest request) {
        return new Watched(request, begin("noir.host", request)) {
            @Override
            void told(String state, boolean forwarded, Duration took) {} // The client's node counts it.
        };
    }

    private Spans.Open begin(String name, JoinRequest request) {
        return spans.begin(
                name, request.trace(), request.room().value(), request.peer().value());
    }

    @Override
    public void tookOver(JoinRequest request, boolean resumed, Duration took) {
        takeOvers.add(seconds(took), resumed ? "resumed" : "lost");
        flight.tookOver(request.room().value(), request.peer().value(), resumed, took);
    }

    /** One that is under way, with its span. */
    private abstract static class Watched implements Join {
        final JoinRequest request;
        private final Spans.Open span;

        Watched(JoinRequest request, Spans.Open span) {
            this.request = request;
            this.span = span;
        }

        abstract void told(String state, boolean forwarded, Duration took);

        @Override
        public final TraceParent trace() {
            return span.place();
        }

        @Override
        public final void ended(boolean forwarded, Optional<RoomException.Code> refusal, Duration took) {
            String state = state(refusal);
            span.end(state, refusal.isPresent());
            told(state, forwarded, took);
        }
    }
}
