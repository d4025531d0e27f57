package dev.noir.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.noir.access.TraceParent;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpansTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final TraceParent PARENT = new TraceParent("00-" + TRACE + "-00f067aa0ba902b7-01");

    private final List<ReadableSpan> ended = new ArrayList<>();

    private final class Ended implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ended.add(span);
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    private OpenTelemetry sdk() {
        SdkTracerProvider provider =
                SdkTracerProvider.builder().addSpanProcessor(new Ended()).build();
        return new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
                return provider;
            }

            @Override
            public ContextPropagators getPropagators() {
                return ContextPropagators.noop();
            }
        };
    }

    @Test
    void withoutAnSdkWhatCameInGoesOn() {
        Spans spans = new Spans();
        Spans.Open open = spans.begin("noir.join", PARENT, "r", "p");
        open.end("ok", false);

        assertEquals(PARENT, open.place());
        assertFalse(spans.begin("noir.join", TraceParent.NONE, "r", "p").place().isGiven());
    }

    @Test
    void aSpanIsAChildOfWhatCameInAndAParentOfWhatGoesOn() {
        OpenTelemetry sdk = sdk();
        Spans spans = new Spans(() -> sdk);
        Spans.Open join = spans.begin("noir.join", PARENT, "r", "p");
        Spans.Open host = spans.begin("noir.host", join.place(), "r", "p");
        host.end("room_full", true);
        join.end("room_full", true);

        assertEquals(
                List.of("noir.host", "noir.join"),
                ended.stream().map(ReadableSpan::getName).toList());
        assertEquals(
                List.of(TRACE, TRACE),
                ended.stream().map(span -> span.getSpanContext().getTraceId()).toList());
        assertEquals("00f067aa0ba902b7", ended.get(1).getParentSpanContext().getSpanId());
        assertEquals(
                ended.get(1).getSpanContext().getSpanId(),
                ended.get(0).getParentSpanContext().getSpanId());
        assertEquals("room_full", ended.get(0).getAttribute(AttributeKey.stringKey("noir.state")));
        assertEquals(StatusCode.ERROR, ended.get(0).toSpanData().getStatus().getStatusCode());
        assertNotEquals(join.place(), host.place());
    }

    @Test
    void aTraceMayBeginHere() {
        OpenTelemetry sdk = sdk();
        Spans.Open join = new Spans(() -> sdk).begin("noir.join", TraceParent.NONE, "r", "p");
        join.end("ok", false);

        assertEquals("0000000000000000", ended.get(0).getParentSpanContext().getSpanId());
        assertEquals(
                ended.get(0).getSpanContext().getTraceId(), join.place().text().substring(3, 35));
    }
}
