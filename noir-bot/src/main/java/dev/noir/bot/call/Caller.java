package dev.noir.bot.call;

import dev.noir.bot.rtc.Camera;
import dev.noir.bot.rtc.Microphone;
import dev.noir.bot.rtc.Peer;
import dev.noir.bot.rtc.Readings;
import dev.noir.bot.rtc.RemoteTrack;
import dev.noir.bot.rtc.RtcException;
import dev.noir.bot.rtc.Webrtc;
import dev.noir.bot.signal.SignalException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Joins a room as a browser does, shows a test picture and a tone, and tells what it sees of others: for monitoring. Once only.
 * Thread: one, but for {@link #stop}.
 */
public final class Caller {
    /** All went well. */
    public static final int OK = 0;
    /** What was expected has not been seen, or nothing could be sent. */
    public static final int NOT_SEEN = 1;
    /** The options are wrong, or this system lacks libraries. */
    public static final int CANNOT_BEGIN = 2;
    /** There was no connection, or it did not last. */
    public static final int NO_CONNECTION = 3;

    private static final Duration MEDIA_PATIENCE = Duration.ofSeconds(15);
    private static final int REPORT_SECONDS = 5;

    // Given.
    private final CallOptions options;
    private final Report report;
    private final HttpClient http;
    private final Executor workers;
    private final ScheduledExecutorService pacer;
    private final LongSupplier nanoTime;

    // Owned.
    private final Tally tally = new Tally();
    private final LinkedBlockingQueue<News> news = new LinkedBlockingQueue<>();

    /** What other threads tell the caller's. */
    private record News(boolean ends, boolean failed, String what) {}

    /**
     * @param workers as for {@link Peer}
     * @param pacer of pictures and sound
     * @param nanoTime that never goes back
     */
    Caller(
            CallOptions options,
            Report report,
            HttpClient http,
            Executor workers,
            ScheduledExecutorService pacer,
            LongSupplier nanoTime) {
        this.options = options;
        this.report = report;
        this.http = http;
        this.workers = workers;
        this.pacer = pacer;
        this.nanoTime = nanoTime;
    }

    /** As if its time were over. */
    void stop() {
        news.add(new News(true, false, ""));
    }

    /** Until it is over; what the process is to end with. Leaves the room, but tears nothing down. */
    int call(Webrtc webrtc, String randomName) throws InterruptedException {
        String uid = options.uid().orElse("call-" + randomName);
        try {
            Peer peer = new Peer(webrtc, workers, false, new Ear());
            begin(peer, uid);
            if (options.publish()) {
                publish(webrtc, peer, uid);
            }
            long begin = nanoTime.getAsLong();
            Optional<String> lost = watch(peer, begin);
            if (lost.isPresent()) {
                report.failed(lost.get());
                return NO_CONNECTION;
            }
            return sumUp(peer, uid, begin);
        } catch (SignalException | RtcException e) {
            report.failed(String.valueOf(e.getMessage()));
            return NO_CONNECTION;
        }
    }

    private void begin(Peer peer, String uid) throws SignalException, RtcException, InterruptedException {
        Map<String, String> headers = options.token()
                .map(token -> Map.of("Authorization", "Bearer " + token))
                .orElse(Map.of());
        long begin = nanoTime.getAsLong();
        peer.connect(http, options.signalling(), headers);
        long open = nanoTime.getAsLong();
        Map<String, JsonValue> config = options.password()
                .map(password -> Map.<String, JsonValue>of("password", Json.createValue(password)))
                .orElse(Map.of());
        peer.join(options.room(), uid, config);
        long answered = nanoTime.getAsLong();
        peer.awaitMedia(MEDIA_PATIENCE);
        long up = nanoTime.getAsLong();
        report.joined(new Report.Joined(
                options.room(), uid, millis(open - begin), millis(answered - open), millis(up - answered)));
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private void publish(Webrtc webrtc, Peer peer, String uid)
            throws SignalException, RtcException, InterruptedException {
        Camera camera = new Camera(webrtc, "picture-" + Integer.toHexString(uid.hashCode()));
        Microphone microphone = new Microphone(webrtc, "sound-" + Integer.toHexString(uid.hashCode()));
        peer.publish("call-" + Integer.toHexString(uid.hashCode()), Optional.of(microphone), Optional.of(camera));
        TestPicture picture = new TestPicture();
        TestTone tone = new TestTone();
        pace(() -> camera.show(picture.next()), 1_000_000 / TestPicture.FRAMES_PER_SECOND);
        pace(() -> microphone.play(tone.next()), 1000 * TestTone.MILLIS);
    }

    /** Does it again and again; when it cannot be done any more, the call is over. */
    private void pace(Runnable task, long micros) {
        var paced = pacer.scheduleAtFixedRate(task, 0, micros, TimeUnit.MICROSECONDS);
        workers.execute(() -> {
            try {
                paced.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                news.add(new News(true, true, "nothing can be sent any more: " + e.getCause()));
            }
        });
    }

    /** Why it was over before its time; empty: it was not. */
    private Optional<String> watch(Peer peer, long begin) throws RtcException, InterruptedException {
        long end = begin + TimeUnit.SECONDS.toNanos(options.seconds());
        long nextReport = begin + TimeUnit.SECONDS.toNanos(REPORT_SECONDS);
        while (true) {
            long now = nanoTime.getAsLong();
            boolean forEver = options.seconds() == 0;
            if (!forEver && now - end >= 0) {
                return Optional.empty();
            }
            if (now - nextReport >= 0) {
                Readings readings = peer.read();
                report.seen(TimeUnit.NANOSECONDS.toSeconds(now - begin), readings, tally.read(readings, now));
                nextReport += TimeUnit.SECONDS.toNanos(REPORT_SECONDS);
            }
            long until = forEver ? nextReport : Math.min(nextReport, end);
            News heard = news.poll(until - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            if (heard != null && heard.ends()) {
                return heard.failed() ? Optional.of(heard.what()) : Optional.empty();
            }
            if (heard != null) {
                report.told(heard.what());
            }
        }
    }

    private int sumUp(Peer peer, String uid, long begin) throws RtcException, InterruptedException {
        long now = nanoTime.getAsLong();
        Readings readings = peer.read();
        tally.read(readings, now);
        boolean sentAll = !options.publish()
                || (readings.sent().size() == 2 && readings.sent().stream().allMatch(sent -> sent.packets() > 0));
        int exit = sentAll && tally.decoded() >= options.expect() ? OK : NOT_SEEN;
        List<Tally.Seen> seen = tally.all();
        report.over(new Report.Summary(
                options.room(),
                uid,
                (now - begin) / 1e9,
                tally.decoded(),
                options.expect(),
                seen,
                readings.sent(),
                exit));
        peer.close();
        return exit;
    }

    /** What comes from the room. Thread: the peer's. */
    private final class Ear implements Peer.Listener {
        @Override
        public void began(RemoteTrack track) {
            tally.began(track, nanoTime.getAsLong());
            if (track.isVideo()) {
                track.watch(picture -> tally.picture(track, nanoTime.getAsLong()));
            }
        }

        @Override
        public void ended(RemoteTrack track) {
            // What was seen of it counts.
        }

        @Override
        public void told(String method, JsonObject params) {
            if (method.equals("refused")) {
                news.add(new News(
                        false,
                        false,
                        "may not send " + params.getString("kind", "") + ": " + params.getString("reason", "")));
            }
        }

        @Override
        public void over(int code, String reason) {
            news.add(new News(true, true, "the server has closed the connection: " + code + " " + reason));
        }
    }
}
