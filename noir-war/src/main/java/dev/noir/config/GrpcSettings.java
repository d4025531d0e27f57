package dev.noir.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * gRPC on a port of its own.
 *
 * @param port 0: the usual one with {@code java -jar}, none in a server; empty: none
 */
public record GrpcSettings(OptionalInt port) {
    /** What gRPC's own examples use, and the original. */
    public static final int USUAL_PORT = 50_051;

    static final Setting<OptionalInt> PORT = new Setting<>("noir.grpc.port", "auto", false, Values.autoNoneOrPort());

    static final List<Setting<?>> ALL = List.of(PORT);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<GrpcSettings> load(NoirConfig.Reader reader) {
        return reader.read(PORT).map(GrpcSettings::new);
    }
}
