package dev.noir.it;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code noir.Noir/Admin} of native gRPC. */
final class NativeAdmin implements AdminDoor {
    private static final int SECONDS = 30;

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;
    private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    NativeAdmin(int port, Map<String, String> headers) {
        channel = OkHttpChannelBuilder.forAddress("localhost", port, InsecureChannelCredentials.create())
                .build();
        call = channel.newCall(
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName("noir.Noir/Admin")
                        .build(),
                CallOptions.DEFAULT);
        Metadata metadata = new Metadata();
        headers.forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        call.start(new Listener(), metadata);
        call.request(1);
    }

    private final class Listener extends ClientCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            replies.add(message);
            call.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
        }
    }

    @Override
    public JsonObject ask(String message) throws Exception {
        call.sendMessage(OriginalDoors.request("g", message));
        byte[] reply = replies.poll(SECONDS, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError("no answer to " + message + ", " + ended.getNow(Status.OK));
        }
        return OriginalDoors.reply(reply);
    }

    /** The status that it ends with by itself. */
    int end() throws Exception {
        return ended.get(SECONDS, TimeUnit.SECONDS).getCode().value();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
