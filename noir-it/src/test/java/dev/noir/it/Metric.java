package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One number of a node's {@code /metrics}.
 *
 * @param page gets it
 */
record Metric(Callable<HttpResponse<String>> page, String name) {
    static final String REFUSED = "noir_media_packets_refused_total";
    static final String SQUELCHED = "noir_media_packets_squelched_total";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    double value() throws Exception {
        Matcher line = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE)
                .matcher(page.call().body());
        assertTrue(line.find(), name);
        return Double.parseDouble(line.group(1));
    }

    void await(double atLeast) throws Exception {
        Deadline.await(name + " of " + atLeast, LIMIT, () -> value() >= atLeast);
    }
}
