package dev.noir.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.proto.health.HealthProto;
import dev.noir.proto.noir.NoirProto;
import dev.noir.proto.reflection.ErrorResponse;
import dev.noir.proto.reflection.FileDescriptorResponse;
import dev.noir.proto.reflection.ListServiceResponse;
import dev.noir.proto.reflection.ReflectionProto;
import dev.noir.proto.reflection.ServerReflectionRequest;
import dev.noir.proto.reflection.ServerReflectionResponse;
import dev.noir.proto.reflection.ServiceResponse;
import dev.noir.proto.rtc.RtcProto;
import dev.noir.proto.sfu.SfuProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells tools which services there are and what their messages are made of: gRPC's server reflection. Thread: any. */
final class Reflection {
    private static final List<FileDescriptor> FILES = List.of(
            RtcProto.getDescriptor(),
            SfuProto.getDescriptor(),
            NoirProto.getDescriptor(),
            HealthProto.getDescriptor(),
            ReflectionProto.getDescriptor());

    static final List<String> SERVICES = FILES.stream()
            .flatMap(file -> file.getServices().stream())
            .map(service -> service.getFullName())
            .toList();

    private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();

    Reflection() {
        FILES.forEach(this::add);
    }

    private void add(FileDescriptor file) {
        if (byName.putIfAbsent(file.getName(), file) == null) {
            file.getDependencies().forEach(this::add);
        }
    }

    byte[] answer(byte[] message) throws InvalidProtocolBufferException {
        ServerReflectionRequest request = ServerReflectionRequest.parseFrom(message);
        ServerReflectionResponse.Builder response = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case FILE_BY_FILENAME -> files(response, byName.get(request.getFileByFilename()));
            case FILE_CONTAINING_SYMBOL -> files(response, withSymbol(request.getFileContainingSymbol()));
            case LIST_SERVICES -> response.setListServicesResponse(services());
            case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE ->
                error(response, GrpcCode.NOT_FOUND, "there are no extensions");
            case MESSAGEREQUEST_NOT_SET -> error(response, GrpcCode.INVALID_ARGUMENT, "this asks for nothing");
        }
        return response.build().toByteArray();
    }

    private static ListServiceResponse services() {
        ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
        SERVICES.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
        return list.build();
    }

    private @Nullable FileDescriptor withSymbol(String symbol) {
        return byName.values().stream()
                .filter(file -> symbols(file).anyMatch(name -> symbol.equals(name) || symbol.startsWith(name + ".")))
                .findFirst()
                .orElse(null);
    }

    private static Stream<String> symbols(FileDescriptor file) {
        return Stream.of(
                        file.getServices().stream().map(service -> service.getFullName()),
                        file.getMessageTypes().stream().map(type -> type.getFullName()),
                        file.getEnumTypes().stream().map(type -> type.getFullName()))
                .flatMap(names -> names);
    }

    /** The file with all that it needs. */
    private static void files(ServerReflectionResponse.Builder response, @Nullable FileDescriptor found) {
        if (found == null) {
            error(response, GrpcCode.NOT_FOUND, "there is no such file or symbol");
            return;
        }
        Map<String, FileDescriptor> all = new LinkedHashMap<>();
        Deque<FileDescriptor> open = new ArrayDeque<>(List.of(found));
        for (FileDescriptor file = open.poll(); file != null; file = open.poll()) {
            if (all.putIfAbsent(file.getName(), file) == null) {
                open.addAll(file.getDependencies());
            }
        }
        FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
        all.values().forEach(file -> files.addFileDescriptorProto(file.toProto().toByteString()));
        response.setFileDescriptorResponse(files);
    }

    private static void error(ServerReflectionResponse.Builder response, GrpcCode code, String why) {
        response.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(code.number()).setErrorMessage(why));
    }
}
