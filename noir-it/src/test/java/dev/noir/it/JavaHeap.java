package dev.noir.it;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java heap of a process after a collection.
 *
 * @param committedKilobytes taken from the system, for all that is or was in use
 * @param usedKilobytes in use
 */
record JavaHeap(long committedKilobytes, long usedKilobytes) {
    /** Of each of the heap's generations; until JDK 24 "total" says what is committed. */
    private static final Pattern PART = Pattern.compile("(?:total|committed) (\\d+)K, used (\\d+)K");

    static JavaHeap of(JavaProcess process) throws IOException, InterruptedException {
        process.jcmd("GC.run");
        return parse(process.jcmd("GC.heap_info"));
    }

    private static JavaHeap parse(String printed) {
        long committed = 0;
        long used = 0;
        Matcher part = PART.matcher(printed);
        while (part.find()) {
            committed += Long.parseLong(part.group(1));
            used += Long.parseLong(part.group(2));
        }
        if (used == 0) {
            throw new IllegalStateException("GC.heap_info is not understood: " + printed);
        }
        return new JavaHeap(committed, used);
    }
}
