package dev.noir.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * What the JDK remembers of the record whose methods it linked last. Java 17 keeps that record's type and those of its components
 * in static fields of {@link ObjectMethods} (the {@code asTypeCache} of the handles that it makes all {@code equals} and
 * {@code hashCode} from), and with a type of ours all classes of a deployment that is long gone. Newer ones let go of it.
 */
final class RecordMethods {
    private static final Logger LOG = System.getLogger(RecordMethods.class.getName());

    private RecordMethods() {}

    /** Links the methods of a record once more, of one that is none and the JDK's own: it may be remembered. Thread: any. */
    static void forgetOurs() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            MethodHandle component = lookup.findVirtual(String.class, "strip", MethodType.methodType(String.class));
            link(lookup, "equals", MethodType.methodType(boolean.class, String.class, Object.class), component);
            link(lookup, "hashCode", MethodType.methodType(int.class, String.class), component);
            link(lookup, "toString", MethodType.methodType(String.class, String.class), component);
        } catch (Throwable e) { // As bootstrap declares it. A JDK that does not play along need not be helped either.
            LOG.log(Level.DEBUG, "the methods of records stay as they are", e);
        }
    }

    private static void link(MethodHandles.Lookup lookup, String method, MethodType type, MethodHandle component)
            throws Throwable {
        Object linked = ObjectMethods.bootstrap(lookup, method, type, String.class, "strip", component);
        LOG.log(Level.DEBUG, "{0} of records: {1}", method, linked);
    }
}
