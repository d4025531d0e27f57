package dev.noir.protocol;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One request or notification of a client.
 *
 * @param method what to do
 * @param params a JSON object; empty when absent
 * @param id a JSON string or number to echo with the same type; null for a notification
 */
public record JsonRpcRequest(String method, JsonObject params, @Nullable JsonValue id) {}
