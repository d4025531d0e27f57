package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.proto.health.HealthCheckRequest;
import dev.noir.proto.health.HealthCheckResponse;
import dev.noir.proto.health.HealthCheckResponse.ServingStatus;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The services of the native door. Thread: any. */
final class NativeServices {
    private static final String HEALTH = "grpc.health.v1.Health";
    private static final List<String> REFLECTION =
            List.of("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

    /** Messages as they are: sessions read them, and count how long they are. */
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

    /** What one message is answered with. */
    interface Answers {
        byte[] answer(byte[] message) throws InvalidProtocolBufferException, NoSuchService;
    }

    /** Health of something that is not here. */
    static final class NoSuchService extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private NativeServices() {}

    static List<ServerServiceDefinition> all(NativeCalls calls, BooleanSupplier healthy) {
        List<ServerServiceDefinition> all = new ArrayList<>();
        for (SignalService service : SignalService.values()) {
            ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(service.fullName())
                    .addMethod(
                            method(service.fullName(), SignalService.METHOD, MethodType.BIDI_STREAMING),
                            calls.signal(service));
            if (service == SignalService.NOIR) {
                for (AdminMethod method : AdminMethod.values()) {
                    builder.addMethod(
                            method(service.fullName(), method.methodName(), method.type()), calls.admin(method));
                }
            }
            all.add(builder.build());
        }
        all.add(ServerServiceDefinition.builder(HEALTH)
                .addMethod(method(HEALTH, "Check", MethodType.UNARY), answering(message -> health(message, healthy)))
                .build());
        Reflection reflection = new Reflection();
        for (String name : REFLECTION) {
            all.add(ServerServiceDefinition.builder(name)
                    .addMethod(
                            method(name, "ServerReflectionInfo", MethodType.BIDI_STREAMING),
                            answering(reflection::answer))
                    .build());
        }
        return all;
    }

    private static MethodDescriptor<byte[], byte[]> method(String service, String name, MethodType type) {
        return MethodDescriptor.newBuilder(BYTES, BYTES)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .build();
    }

    private static byte[] health(byte[] message, BooleanSupplier healthy)
            throws InvalidProtocolBufferException, NoSuchService {
        String service = HealthCheckRequest.parseFrom(message).getService();
        if (!service.isEmpty() && !Reflection.SERVICES.contains(service)) {
            throw new NoSuchService();
        }
        return HealthCheckResponse.newBuilder()
                .setStatus(healthy.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build()
                .toByteArray();
    }

    /** Each message by one. */
    private static ServerCallHandler<byte[], byte[]> answering(Answers answers) {
        return (call, headers) -> {
            call.sendHeaders(new Metadata());
            call.request(1);
            return new ServerCall.Listener<>() {
                private boolean over;

                @Override
                public void onMessage(byte[] message) {
                    try {
                        call.sendMessage(answers.answer(message));
                        call.request(1);
                    } catch (InvalidProtocolBufferException e) {
                        end(Status.INVALID_ARGUMENT.withDescription("this is no message of this service"));
                    } catch (NoSuchService e) {
                        end(Status.NOT_FOUND.withDescription("there is no such service here"));
                    }
                }

                private void end(Status status) {
                    over = true;
                    call.close(status, new Metadata());
                }

                @Override
                public void onHalfClose() {
                    if (!over) {
                        end(Status.OK);
                    }
                }
            };
        };
    }
}
