package dev.noir.trace;

import dev.noir.access.TraceParent;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins spans. Without an SDK there are none, and what came in is what goes on. No span is made the current one of a thread:
 * what is done for a client is done by many, which the server lends us. Thread: any.
 */
public final class Spans {
    private static final String NAME = "dev.noir";
    private static final String HEADER = "traceparent";

    private final Supplier<OpenTelemetry> telemetry;

    /** Those of whoever has set them up for this JVM, or for this application; asked each time, since nobody says when. */
    public Spans() {
        this(Spans::installed);
    }

    Spans(Supplier<OpenTelemetry> telemetry) {
        this.telemetry = telemetry;
    }

    private static OpenTelemetry installed() {
        try {
            return GlobalOpenTelemetry.getOrNoop();
        } catch (NoSuchMethodError e) { // Some servers have an older API of their own, and show that.
            return GlobalOpenTelemetry.get();
        }
    }

    /** One that has begun. */
    public static final class Open {
        private final Span span;
        private final TraceParent place;

        private Open(Span span, TraceParent place) {
            this.span = span;
            this.place = place;
        }

        /** What whoever does a part of it is told. */
        public TraceParent place() {
            return place;
        }

        /** @param failed it is not what was wanted */
        public void end(String state, boolean failed) {
            span.setAttribute("noir.state", state);
            if (failed) {
                span.setStatus(StatusCode.ERROR, state);
            }
            span.end();
        }
    }

    public Open begin(String name, TraceParent parent, String room, String peer) {
        Context above = W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, Reader.INSTANCE);
        SpanBuilder builder = telemetry.get().getTracer(NAME).spanBuilder(name);
        Span span = builder.setParent(above)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("noir.room", room)
                .setAttribute("noir.peer", peer)
                .startSpan();
        return new Open(span, placeOf(span, above, parent));
    }

    private static TraceParent placeOf(Span span, Context above, TraceParent parent) {
        if (!span.getSpanContext().isValid()) {
            return parent;
        }
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(above.with(span), headers, Map::put);
        return TraceParent.of(headers.get(HEADER));
    }

    /** Of what a header has been made into. */
    private enum Reader implements TextMapGetter<TraceParent> {
        INSTANCE;

        @Override
        public Iterable<String> keys(TraceParent parent) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable TraceParent parent, String key) {
            return parent != null && parent.isGiven() && key.equals(HEADER) ? parent.text() : null;
        }
    }
}
