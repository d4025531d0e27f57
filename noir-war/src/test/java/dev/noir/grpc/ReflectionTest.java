package dev.noir.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.proto.reflection.ServerReflectionRequest;
import dev.noir.proto.reflection.ServerReflectionResponse;
import dev.noir.proto.reflection.ServiceResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReflectionTest {
    private final Reflection reflection = new Reflection();

    private ServerReflectionResponse ask(ServerReflectionRequest.Builder request)
            throws InvalidProtocolBufferException {
        return ServerReflectionResponse.parseFrom(
                reflection.answer(request.build().toByteArray()));
    }

    @Test
    void everySignallingServiceIsListed() throws Exception {
        List<String> names = ask(ServerReflectionRequest.newBuilder().setListServices(""))
                .getListServicesResponse()
                .getServiceList()
                .stream()
                .map(ServiceResponse::getName)
                .toList();
        for (SignalService service : SignalService.values()) {
            assertTrue(names.contains(service.fullName()), service.fullName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"noir.Noir", "noir.Noir.Signal", "noir.JobData.Status", "noir.NoirRequest"})
    void aSymbolComesWithAllThatItsFileNeeds(String symbol) throws Exception {
        List<String> files = new ArrayList<>();
        for (ByteString file : ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol))
                .getFileDescriptorResponse()
                .getFileDescriptorProtoList()) {
            files.add(FileDescriptorProto.parseFrom(file).getName());
        }
        assertEquals(List.of("noir.proto", "google/protobuf/empty.proto", "google/protobuf/timestamp.proto"), files);
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        for (ServerReflectionRequest.Builder request : List.of(
                ServerReflectionRequest.newBuilder().setFileContainingSymbol("noir.Noirest"),
                ServerReflectionRequest.newBuilder().setFileByFilename("../noir.proto"),
                ServerReflectionRequest.newBuilder().setAllExtensionNumbersOfType("noir.Noir"))) {
            assertEquals(5, ask(request).getErrorResponse().getErrorCode());
        }
        assertEquals(
                3, ask(ServerReflectionRequest.newBuilder()).getErrorResponse().getErrorCode());
        assertThrows(InvalidProtocolBufferException.class, () -> reflection.answer(new byte[] {(byte) 0xff}));
    }
}
