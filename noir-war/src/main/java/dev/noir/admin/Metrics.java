package dev.noir.admin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an operator's monitoring reads, in the Prometheus text format 0.0.4. Thread: any. */
public final class Metrics {
    /** A part that has numbers to tell. Asked by request threads for every page. */
    public interface Source {
        void collect(Page page);
    }

    /** The text being printed. */
    public static final class Page {
        private final StringBuilder text = new StringBuilder();

        private Page() {}

        /** A number that goes up and down. */
        public Page gauge(String name, String help, long value) {
            return line(name, help, "gauge", value);
        }

        /** A number that only grows; by custom its name ends in {@code _total}. */
        public Page counter(String name, String help, long value) {
            return line(name, help, "counter", value);
        }

        private Page line(String name, String help, String type, long value) {
            text.append("# HELP ").append(name).append(' ').append(help);
            text.append("\n# TYPE ").append(name).append(' ').append(type);
            text.append('\n').append(name).append(' ').append(value).append('\n');
            return this;
        }
    }

    private final List<Source> sources = new CopyOnWriteArrayList<>();

    public void add(Source source) {
        sources.add(source);
    }

    public String print() {
        Page page = new Page();
        sources.forEach(source -> source.collect(page));
        return page.text.toString();
    }
}
