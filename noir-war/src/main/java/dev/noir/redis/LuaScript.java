package dev.noir.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One atomic change. The file's header says what its keys and arguments are and what it returns.
 *
 * @param sha the name under which Redis keeps it
 */
record LuaScript(String text, String sha) {
    static final LuaScript CLAIM = load("claim");
    static final LuaScript RENEW = load("renew");
    static final LuaScript REASSERT = load("reassert");
    static final LuaScript RELEASE = load("release");
    static final LuaScript STATE = load("state");
    static final LuaScript RECALL = load("recall");
    static final LuaScript APPEND = load("append");
    static final LuaScript INDEX = load("index");
    static final LuaScript INDEXED = load("indexed");
    static final LuaScript OPEN = load("open");
    static final LuaScript ABANDONED = load("abandoned");
    static final LuaScript LEAD = load("lead");
    static final LuaScript REGISTER = load("register");
    static final LuaScript ADVANCE = load("advance");
    static final LuaScript HEARTBEAT = load("heartbeat");
    static final LuaScript LOOK = load("look");
    static final LuaScript LEAVE = load("leave");
    static final LuaScript INBOX = load("inbox");
    static final LuaScript SEND = load("send");
    static final LuaScript TAKE = load("take");

    private static LuaScript load(String name) {
        try (InputStream file = LuaScript.class.getResourceAsStream(name + ".lua")) {
            if (file == null) {
                throw new IllegalStateException(name + ".lua is missing");
            }
            byte[] bytes = file.readAllBytes();
            byte[] sha = MessageDigest.getInstance("SHA-1").digest(bytes); // What Redis names scripts by.
            return new LuaScript(
                    new String(bytes, StandardCharsets.UTF_8), HexFormat.of().formatHex(sha));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
