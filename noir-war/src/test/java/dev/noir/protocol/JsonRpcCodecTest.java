package dev.noir.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonRpcCodecTest {
    private final JsonRpcCodec codec = new JsonRpcCodec();

    @Test
    void asksForNoVersionMember() throws JsonRpcException {
        JsonRpcRequest request = codec.parse("{\"method\":\"join\",\"params\":{\"sid\":\"s\"},\"id\":\"a\"}");

        assertEquals("join", request.method());
        assertEquals("s", request.params().getString("sid"));
        assertEquals("\"a\"", String.valueOf(request.id()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"7\"", "0", "-1", "1.5", "\"39a3c357-69e1-4d72-8165-d4cdd8a9c02d\""})
    void echoesIdsWithTheirType(String id) throws JsonRpcException {
        JsonRpcRequest request = codec.parse("{\"method\":\"x\",\"id\":" + id + "}");

        String reply = codec.result(request.id(), JsonValue.EMPTY_JSON_OBJECT);
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}", reply);
    }

    @Test
    void withoutIdItIsANotification() throws JsonRpcException {
        assertNull(codec.parse("{\"method\":\"trickle\"}").id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{nope | -32700",
                "'' | -32700",
                "{} x | -32700",
                "[{\"method\":\"nope\",\"id\":1}] | -32600",
                "17 | -32600",
                "{\"id\":1} | -32600",
                "{\"method\":1,\"id\":1} | -32600",
                "{\"method\":\"x\",\"id\":null} | -32600",
                "{\"method\":\"x\",\"id\":{}} | -32600",
                "{\"method\":\"x\",\"id\":true} | -32600",
                "{\"method\":\"x\",\"id\":1,\"params\":\"xx\"} | -32602",
                "{\"method\":\"x\",\"id\":1,\"params\":[]} | -32602",
            })
    void refusesWhatIsNoRequest(String frame, int code) {
        assertEquals(code, refusal(frame).code());
    }

    @Test
    void refusesDeepNestsBeforeParsingThem() {
        assertEquals(ErrorCodes.PARSE_ERROR, refusal("[".repeat(200_000)).code());
        assertEquals(
                ErrorCodes.PARSE_ERROR,
                refusal("{\"method\":\"x\",\"params\":" + "{\"a\":".repeat(20)).code());
    }

    @Test
    void bracketsInStringsAreNoNest() throws JsonRpcException {
        assertEquals(
                "x",
                codec.parse("{\"method\":\"x\",\"params\":{\"a\":\"[[[[[[[[[[[[[[[[[[[[\\\"[\"}}")
                        .method());
    }

    @Test
    void refusesLongNumbersBeforeParsingThem() throws JsonRpcException {
        for (String number : List.of("1".repeat(200_000), "0." + "0".repeat(100), "-" + "9".repeat(40))) {
            String frame = "{\"method\":\"x\",\"id\":1,\"params\":{\"a\":" + number + "}}";
            assertEquals(ErrorCodes.PARSE_ERROR, refusal(frame).code(), number);
        }
        String digitsInAString = "{\"method\":\"x\",\"params\":{\"a\":\"\\\"" + "1".repeat(100) + "\"}}";
        assertEquals("x", codec.parse(digitsInAString).method());
    }

    @Test
    void refusesLongIds() {
        assertEquals(
                ErrorCodes.INVALID_REQUEST,
                refusal("{\"method\":\"x\",\"id\":\"" + "i".repeat(200) + "\"}").code());
    }

    @Test
    void refusalsEchoTheIdWhenItIsOne() {
        assertEquals("3", refusal("{\"id\":3}").id().toString());
        assertEquals(JsonValue.NULL, refusal("{nope").id());
    }

    @Test
    void errorsHaveIonsShape() {
        assertTrue(codec.error(JsonValue.TRUE, 500, "text")
                .endsWith("\"error\":{\"code\":500,\"message\":\"text\",\"data\":null}}"));
    }

    private JsonRpcException refusal(String frame) {
        return assertThrows(JsonRpcException.class, () -> codec.parse(frame));
    }
}
