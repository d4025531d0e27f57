package dev.noir.bots;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes that do what a test says. Thread: the test's. */
final class FakeWorker implements WorkerProcess {
    /** All that have been started. */
    static final class Source implements WorkerProcess.Source {
        final List<FakeWorker> started = new ArrayList<>();
        boolean broken;

        @Override
        public WorkerProcess start(String name, Listener listener) throws IOException {
            if (broken) {
                throw new IOException("there is no file bots.jar");
            }
            FakeWorker worker = new FakeWorker(listener);
            started.add(worker);
            return worker;
        }

        FakeWorker last() {
            return started.get(started.size() - 1);
        }
    }

    final Listener listener;
    final List<String> told = new ArrayList<>();
    boolean ends;
    boolean killed;

    private FakeWorker(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void tell(String line) {
        told.add(line);
    }

    @Override
    public void end() {
        ends = true;
    }

    @Override
    public void kill() {
        killed = true;
    }

    @Override
    public void awaitEnd(Duration limit) {
        ends = true;
        listener.ended();
    }

    void says(String line) {
        listener.said(line.replace('\'', '"'));
    }

    /** Of what it has been told since, with quotes that are easier to read. */
    List<String> takeTold() {
        List<String> taken = told.stream().map(line -> line.replace('"', '\'')).toList();
        told.clear();
        return taken;
    }
}
