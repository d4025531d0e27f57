package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import org.junit.jupiter.api.Test;

final class MetricsBeanTest {
    private final Metrics metrics = new Metrics();
    private final MetricsBean bean = new MetricsBean(metrics);

    MetricsBeanTest() {
        metrics.add(page -> page.gauge("noir_rooms", "Rooms", 2).counter("noir_done_total", "Done", 3));
        metrics.spread("noir_join_seconds", "Joins", List.of(1.0), List.of("state"), List.of())
                .add(0.5, "ok");
    }

    @Test
    void eachNumberIsAnAttribute() throws AttributeNotFoundException {
        List<String> names = Stream.of(bean.getMBeanInfo().getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();

        assertEquals(
                List.of(
                        "noir_done_total",
                        "noir_join_seconds_count{state=\"ok\"}",
                        "noir_join_seconds_sum{state=\"ok\"}",
                        "noir_rooms"),
                names);
        assertEquals(3.0, bean.getAttribute("noir_done_total"));
        assertEquals(
                List.of(new Attribute("noir_rooms", 2.0), new Attribute("noir_join_seconds_sum{state=\"ok\"}", 0.5)),
                bean.getAttributes(new String[] {"noir_rooms", "nothing", "noir_join_seconds_sum{state=\"ok\"}"})
                        .asList());
    }

    @Test
    void nothingElseIsThere() {
        assertThrows(AttributeNotFoundException.class, () -> bean.getAttribute("nothing"));
        assertThrows(AttributeNotFoundException.class, () -> bean.setAttribute(new Attribute("noir_rooms", 1.0)));
    }
}
