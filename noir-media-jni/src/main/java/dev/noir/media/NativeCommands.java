package dev.noir.media;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@link LoopCommands} by way of {@link Native}. Refuses other threads and a finished loop: a handle must not be used
 * there. Thread: loop.
 */
final class NativeCommands implements LoopCommands {

    private final Thread loop = Thread.currentThread();
    private long handle;

    NativeCommands(long handle) {
        this.handle = handle;
    }

    /** From now on every command is refused. */
    void end() {
        handle = 0;
    }

    @Override
    public TransportId openTransport(TransportParams params) {
        return new TransportId(made("openTransport", Native.openTransport(handle(), Wire.transport(params))));
    }

    @Override
    public void setRemote(TransportId transport, RemoteParams remote) {
        done("setRemote", Native.setRemote(handle(), transport.value(), Wire.remote(remote)));
    }

    @Override
    public void restartIce(TransportId transport, String localUfrag, String localPwd) {
        byte[] params = Wire.credentials(localUfrag, localPwd);
        done("restartIce", Native.restartIce(handle(), transport.value(), params));
    }

    @Override
    public void closeTransport(TransportId transport) {
        done("closeTransport", Native.closeTransport(handle(), transport.value()));
    }

    @Override
    public void setExtensions(TransportId transport, List<HeaderExtensions> extensions) {
        done("setExtensions", Native.setExtensions(handle(), transport.value(), Wire.extensions(extensions)));
    }

    @Override
    public TrackId addTrack(TransportId publisher, TrackParams params) {
        return new TrackId(made("addTrack", Native.addTrack(handle(), publisher.value(), Wire.track(params))));
    }

    @Override
    public void removeTrack(TrackId track) {
        done("removeTrack", Native.removeTrack(handle(), track.value()));
    }

    @Override
    public void setSquelched(TrackId track, boolean squelched) {
        done("setSquelched", Native.setSquelched(handle(), track.value(), squelched));
    }

    @Override
    public DownTrackId addDownTrack(TransportId subscriber, TrackId track, DownTrackParams params) {
        int id = Native.addDownTrack(handle(), subscriber.value(), track.value(), Wire.downTrack(params));
        return new DownTrackId(made("addDownTrack", id));
    }

    @Override
    public DownTrackId addDownTrack(TransportId subscriber, RemoteTrack source, DownTrackParams params) {
        int id = Native.addMirroredDownTrack(
                handle(),
                subscriber.value(),
                source.loop(),
                source.track().value(),
                Wire.track(source.params()),
                Wire.downTrack(params));
        return new DownTrackId(made("addDownTrack", id));
    }

    @Override
    public void removeDownTrack(DownTrackId downTrack) {
        done("removeDownTrack", Native.removeDownTrack(handle(), downTrack.value()));
    }

    @Override
    public void setDownTrack(DownTrackId downTrack, DownTrackWish wish) {
        int status = Native.setDownTrack(
                handle(),
                downTrack.value(),
                wish.muted(),
                wish.maxSpatial(),
                wish.maxTemporal(),
                wish.width(),
                wish.height(),
                wish.priority());
        done("setDownTrack", status);
    }

    @Override
    public TapId addTap(TrackId track) {
        return new TapId(made("addTap", Native.addTap(handle(), track.value())));
    }

    @Override
    public void removeTap(TapId tap) {
        done("removeTap", Native.removeTap(handle(), tap.value()));
    }

    @Override
    public boolean inject(TrackId track, boolean key, long captureMicros, byte[] codecPrivate, byte[] data) {
        return Native.inject(handle(), track.value(), key, captureMicros, codecPrivate, data) >= 0;
    }

    @Override
    public int openChannel(TransportId transport, String label, boolean ordered) {
        byte[] params = Wire.channel(label, ordered);
        return made("openChannel", Native.openChannel(handle(), transport.value(), params));
    }

    @Override
    public boolean send(TransportId transport, int streamId, boolean binary, byte[] message) {
        return Native.send(handle(), transport.value(), streamId, binary, message) >= 0;
    }

    @Override
    public int sendAll(int[] transports, int[] streamIds, boolean binary, byte[] message) {
        return made("sendAll", Native.sendAll(handle(), transports, streamIds, binary, message));
    }

    @Override
    public void closeChannel(TransportId transport, int streamId) {
        done("closeChannel", Native.closeChannel(handle(), transport.value(), streamId));
    }

    @Override
    public LoopCounters counters() {
        long[] values = new long[LoopCounters.SIZE];
        made("counters", Native.counters(handle(), values));
        return LoopCounters.of(values);
    }

    @Override
    public LoopQuality quality() {
        long[] values = new long[LoopQuality.SIZE];
        made("quality", Native.quality(handle(), values));
        return LoopQuality.of(values);
    }

    @Override
    public List<LayerSwitch> takeLayerSwitches() {
        long[] values = new long[LayerSwitch.MOST * LayerSwitch.SIZE];
        int count = made("takeLayerSwitches", Native.takeLayerSwitches(handle(), values));
        return LayerSwitch.listOf(Arrays.copyOf(values, count));
    }

    @Override
    public Optional<TransportExplanation> explain(TransportId transport) {
        byte[] bytes = Native.explain(handle(), transport.value());
        return bytes == null ? Optional.empty() : Optional.of(ExplanationReader.read(bytes));
    }

    private long handle() {
        if (Thread.currentThread() != loop) {
            throw new IllegalStateException("loop commands belong to " + loop.getName());
        }
        if (handle == 0) {
            throw new IllegalStateException("the loop has ended");
        }
        return handle;
    }

    private static int made(String command, int result) {
        if (result < 0) {
            throw failure(command, result);
        }
        return result;
    }

    private static void done(String command, int status) {
        // What a stale id names is gone already: nothing is left to do.
        if (status < 0 && status != -ErrorCode.NOT_FOUND.code) {
            throw failure(command, status);
        }
    }

    private static MediaException failure(String command, int status) {
        ErrorCode code = ErrorCode.of(-status);
        return new MediaException(code, command + ": " + code);
    }
}
