package dev.noir.grpc;

import io.grpc.MethodDescriptor.MethodType;
import java.util.Optional;
import java.util.stream.Stream;

/** Methods of {@code noir.Noir} for administrators. */
enum AdminMethod {
    /** Requests, and the replies to them. */
    ADMIN("Admin", MethodType.BIDI_STREAMING),
    /** One request; its reply is for whoever has subscribed under its {@code adminID}. */
    SEND("Send", MethodType.UNARY),
    SUBSCRIBE("Subscribe", MethodType.SERVER_STREAMING);

    private final String methodName;
    private final MethodType type;

    AdminMethod(String methodName, MethodType type) {
        this.methodName = methodName;
        this.type = type;
    }

    String methodName() {
        return methodName;
    }

    MethodType type() {
        return type;
    }

    /** @param path as gRPC writes it: {@code /package.Service/Method} */
    static Optional<AdminMethod> ofPath(String path) {
        return Stream.of(values())
                .filter(method -> path.equals("/" + SignalService.NOIR.fullName() + "/" + method.methodName))
                .findFirst();
    }
}
