/** Spans of what is done for a client, for who has put an SDK of OpenTelemetry or its agent beside us. Knows only {@code access} and its API. */
@NullMarked
package dev.noir.trace;

import org.jspecify.annotations.NullMarked;
