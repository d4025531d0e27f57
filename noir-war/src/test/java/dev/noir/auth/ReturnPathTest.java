package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a login may lead to, and those that somebody would like it to lead to. */
final class ReturnPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/?x=y",
                "/gallery.html",
                "/gallery.html?room=board-7&name=Anna%20B%C3%A4r",
                "/gallery.html?ws=ws://localhost:7000/ws",
                "/folder/page.html",
                "/folder/",
                "/.well-known",
                "/a@b:c",
                "/?to=//evil.example"
            })
    void staysInTheApplication(String path) {
        assertEquals(path, ReturnPath.of(path).value());
        assertEquals(".." + path, ReturnPath.of(path).fromAuth());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gallery.html",
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/a\\b",
                "https://evil.example/",
                "javascript:alert(1)",
                "data:text/html,x",
                "@evil.example",
                ".evil.example",
                "/.//evil.example",
                "/..//evil.example",
                "/../other/",
                "/a/../../other",
                "/./a",
                "/a/..",
                "/%2e%2e/other",
                "/%2F%2Fevil.example",
                "/%5cevil.example",
                "/a//b",
                "/a\r\nSet-Cookie: x=y",
                "/a%00b",
                "/a b",
                "/\tevil.example",
                "/\u2215evil.example",
                "/\u00e4",
                "/#//evil.example",
                "/<script>",
                "/auth/login",
                "/auth/logout?x",
                " /gallery.html"
            })
    void goesToTheStartWithAnythingElse(String path) {
        assertEquals("/", ReturnPath.of(path).value());
    }

    @Test
    void goesToTheStartWithoutAPathOrWithALongOne() {
        assertEquals("/", ReturnPath.of(null).value());
        assertEquals("/", ReturnPath.of("/" + "a".repeat(2048)).value());
        assertEquals("/", ReturnPath.of("/" + "a/".repeat(1023) + "\\").value());
    }
}
