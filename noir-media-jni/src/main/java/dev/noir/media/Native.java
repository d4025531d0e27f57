package dev.noir.media;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Every native method of noiR: primitives, strings of bytes in {@link Wire} format, one direct buffer. A negative
 * {@code int} is minus an {@link ErrorCode}; a {@link MediaException} is what native code could not expect. Nothing
 * here checks a handle: {@link MediaLoop} and {@link NativeCommands} do, and they are the only callers.
 *
 * <p>No static initialiser may ever call one of these: the class is being initialised while they are registered.
 * Thread: loop, unless it says otherwise.
 */
final class Native {

    /** Changes with any signature below or any layout in {@link Wire} or {@link EventReader}. */
    static final int ABI_VERSION = 19;

    private Native() {}

    static native int abiVersion();

    /** Certificate and private key, each as {@link Wire} bytes. Thread: any. */
    static native byte[] generateCertificate();

    /** Binds the sockets; {@code events} is written by {@link #run} and must live as long as the handle. */
    static native long create(byte[] config, ByteBuffer events);

    static native void destroy(long handle);

    /** Thread: any, never together with {@link #destroy}. */
    static native void wakeup(long handle);

    static native int port(long handle);

    /** Whether clients can come by TCP, on the same port. */
    static native boolean acceptsTcp(long handle);

    /** The file descriptor, or -1 when this JDK does not tell. Thread: any. */
    static native int descriptor(SocketChannel connection);

    /** Fills {@code into} with what waits to be read; how much, 0 for nothing yet, -1 for nothing any more. Thread: any. */
    static native int peek(SocketChannel connection, byte[] into);

    /** The loop gets a descriptor of its own for the connection. Thread: any, never together with {@link #destroy}. */
    static native boolean adopt(long handle, SocketChannel connection);

    /** Thread: any. */
    static native void releaseFreedMemory();

    /** Makes loops that do not run yet known to each other, each by its place in {@code handles}. */
    static native void connect(long[] handles);

    /**
     * Media until events wait, {@link #wakeup} was called or the deadline has come.
     *
     * @param deadlineNanos in the time of {@link System#nanoTime}; {@link Long#MAX_VALUE} = none
     * @return how many bytes of events now stand in the buffer
     */
    static native int run(long handle, long deadlineNanos);

    static native int openTransport(long handle, byte[] params);

    static native int setRemote(long handle, int transport, byte[] params);

    static native int restartIce(long handle, int transport, byte[] params);

    static native int closeTransport(long handle, int transport);

    static native int setExtensions(long handle, int transport, byte[] params);

    static native int addTrack(long handle, int publisher, byte[] params);

    static native int removeTrack(long handle, int track);

    static native int setSquelched(long handle, int track, boolean squelched);

    static native int addDownTrack(long handle, int subscriber, int track, byte[] params);

    static native int addMirroredDownTrack(
            long handle, int subscriber, int loop, int track, byte[] trackParams, byte[] params);

    static native int removeDownTrack(long handle, int downTrack);

    static native int setDownTrack(
            long handle,
            int downTrack,
            boolean muted,
            int maxSpatial,
            int maxTemporal,
            int width,
            int height,
            int priority);

    static native int addTap(long handle, int track);

    static native int removeTap(long handle, int tap);

    static native int inject(long handle, int track, boolean key, long captureMicros, byte[] codecPrivate, byte[] data);

    static native int openChannel(long handle, int transport, byte[] params);

    static native int send(long handle, int transport, int stream, boolean binary, byte[] message);

    static native int closeChannel(long handle, int transport, int stream);

    /** One message on channel {@code streams[i]} of {@code transports[i]}, for each; how many did not take it. */
    static native int sendAll(long handle, int[] transports, int[] streams, boolean binary, byte[] message);

    /** Fills {@code values} in the order of {@link LoopCounters}. */
    static native int counters(long handle, long[] values);

    /** Fills {@code values} in the order of {@link LoopQuality}; how many there are. */
    static native int quality(long handle, long[] values);

    /** Fills {@code values} with {@link LayerSwitch}es; how many numbers there are. */
    static native int takeLayerSwitches(long handle, long[] values);

    /** As {@link ExplanationReader} reads it; null for a stale id. */
    static native byte @Nullable [] explain(long handle, int transport);
}
