package dev.noir.bot.call;

import dev.noir.bot.rtc.RtcException;
import dev.noir.bot.rtc.Webrtc;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The command line's {@code call}.
 *
 * @param workers run short tasks that may wait
 * @param pacer of pictures and sound
 * @param nanoTime that never goes back
 * @param randomName a few letters
 */
public record CallCommand(
        PrintStream out,
        PrintStream errors,
        HttpClient http,
        Executor workers,
        ScheduledExecutorService pacer,
        LongSupplier nanoTime,
        String randomName) {
    /**
     * Calls, and blocks for as long as that takes.
     *
     * @param onStart gets what ends the call before its time
     * @return what the process is to end with
     */
    public int run(List<String> arguments, Map<String, String> environment, Consumer<Runnable> onStart)
            throws InterruptedException {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(CallOptions.usage());
            return Caller.OK;
        }
        CallOptions options;
        try {
            options = CallOptions.parse(arguments, environment);
        } catch (CallOptions.UsageException e) {
            errors.println(e.getMessage() + "; --help tells more");
            return Caller.CANNOT_BEGIN;
        }
        Report report = options.json() ? new JsonReport(out) : new WordsReport(out);
        Webrtc webrtc;
        try {
            webrtc = Webrtc.load();
        } catch (RtcException e) {
            report.failed(String.valueOf(e.getMessage()));
            return Caller.CANNOT_BEGIN;
        }
        Caller caller = new Caller(options, report, http, workers, pacer, nanoTime);
        onStart.accept(caller::stop);
        return caller.call(webrtc, randomName);
    }
}
