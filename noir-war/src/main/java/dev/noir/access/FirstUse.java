package dev.noir.access;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is looked up when it is used first, and remembered: servlets and filters ask CDI so for what they work with. Not every container
 * has started CDI when it makes them, and CDI.current() walks the stack each time to find whose container is asked for. When two threads
 * are the first, both look. Thread: any.
 */
public final class FirstUse<T> implements Supplier<T> {
    private final Supplier<T> lookup;
    private volatile @Nullable T known;

    public FirstUse(Supplier<T> lookup) {
        this.lookup = lookup;
    }

    @Override
    public T get() {
        T found = known;
        if (found == null) {
            found = lookup.get();
            known = found;
        }
        return found;
    }
}
