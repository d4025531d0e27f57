package dev.noir.boot;

import dev.noir.bus.NodeInfo;
import dev.noir.config.GrpcSettings;
import dev.noir.config.NoirConfig;
import dev.noir.grpc.NativeDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;

/** Whether gRPC has a port, and which. Thread: the server's deployer. */
final class NativeGrpc {
    private static final Logger LOG = System.getLogger(NativeGrpc.class.getName());

    private final NoirConfig config;
    private final NativeDoor door;

    NativeGrpc(NoirConfig config, NativeDoor door) {
        this.config = config;
        this.door = door;
    }

    /** A port that somebody has asked for must be free; the usual one need not, where two nodes run on one machine. */
    void start() {
        OptionalInt port = config.grpc().port();
        boolean usual = port.isPresent() && port.getAsInt() == 0;
        boolean launched = Boolean.getBoolean("dev.noir.launched");
        if (port.isEmpty() || (usual && !launched) || !config.clusterServices().contains(NodeInfo.SIGNAL)) {
            return;
        }
        int wanted = usual ? GrpcSettings.USUAL_PORT : port.getAsInt();
        try {
            int opened = door.start(wanted, config.tls().files());
            LOG.log(Level.INFO, "gRPC at port {0}", String.valueOf(opened));
        } catch (IOException e) {
            if (!usual) {
                throw new UncheckedIOException("noir.grpc.port: " + wanted + " cannot be opened: " + e.getMessage(), e);
            }
            LOG.log(
                    Level.WARNING,
                    "No gRPC: port {0} cannot be opened ({1}); see noir.grpc.port",
                    String.valueOf(wanted),
                    String.valueOf(e.getMessage()));
        }
    }
}
