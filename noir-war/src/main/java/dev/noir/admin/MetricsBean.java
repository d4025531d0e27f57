package dev.noir.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import org.jspecify.annotations.Nullable;

/**
 * {@link Metrics} as attributes of JMX, read only: each number under its name in the text of Prometheus, its labels included; of a
 * histogram its count and sum. Thread: any.
 */
public final class MetricsBean implements DynamicMBean {
    private final Metrics metrics;

    public MetricsBean(Metrics metrics) {
        this.metrics = metrics;
    }

    /** By name; what each is good for. */
    private record Reading(double value, String help) {}

    private Map<String, Reading> numbers() {
        Map<String, Reading> numbers = new TreeMap<>();
        for (MetricSnapshot metric : metrics.snapshots()) {
            String name = metric.getMetadata().getPrometheusName();
            String help = String.valueOf(metric.getMetadata().getHelp());
            for (DataPointSnapshot point : metric.getDataPoints()) {
                String labels = labels(point);
                if (point instanceof GaugeDataPointSnapshot gauge) {
                    numbers.put(name + labels, new Reading(gauge.getValue(), help));
                } else if (point instanceof CounterDataPointSnapshot counter) {
                    numbers.put(name + "_total" + labels, new Reading(counter.getValue(), help));
                } else if (point instanceof UnknownDataPointSnapshot other) {
                    numbers.put(name + labels, new Reading(other.getValue(), help));
                } else if (point instanceof HistogramDataPointSnapshot histogram) {
                    numbers.put(name + "_count" + labels, new Reading((double) histogram.getCount(), help));
                    numbers.put(name + "_sum" + labels, new Reading(histogram.getSum(), help));
                }
            }
        }
        return numbers;
    }

    private static String labels(DataPointSnapshot point) {
        if (point.getLabels().isEmpty()) {
            return "";
        }
        StringJoiner text = new StringJoiner(",", "{", "}");
        for (Label label : point.getLabels()) {
            text.add(label.getName() + "=\"" + label.getValue() + "\"");
        }
        return text.toString();
    }

    @Override
    public Object getAttribute(@Nullable String attribute) throws AttributeNotFoundException {
        Reading number = attribute == null ? null : numbers().get(attribute);
        if (number == null) {
            throw new AttributeNotFoundException(attribute);
        }
        return number.value();
    }

    @Override
    public AttributeList getAttributes(String @Nullable [] attributes) {
        AttributeList list = new AttributeList();
        if (attributes != null) {
            Map<String, Reading> numbers = numbers();
            for (String name : attributes) {
                Reading number = numbers.get(name);
                if (number != null) {
                    list.add(new Attribute(name, number.value()));
                }
            }
        }
        return list;
    }

    @Override
    public void setAttribute(@Nullable Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("read only");
    }

    @Override
    public AttributeList setAttributes(@Nullable AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(@Nullable String action, Object @Nullable [] arguments, String @Nullable [] signature) {
        throw new UnsupportedOperationException("nothing can be done here");
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] attributes = numbers().entrySet().stream()
                .map(each -> new MBeanAttributeInfo(
                        each.getKey(), Double.class.getName(), each.getValue().help(), true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(
                MetricsBean.class.getName(), "What this node of noiR tells its operator", attributes, null, null, null);
    }
}
