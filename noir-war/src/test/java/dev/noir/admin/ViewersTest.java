package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page that has rebound its name is a neighbour to us, and must see no more than strangers do. */
final class ViewersTest {
    @ParameterizedTest
    @CsvSource({
        "true,  '',      true,  true",
        "true,  '',      false, false",
        "false, secret,  true,  true",
        "false, secret,  false, false",
        "false, another, true,  false"
    })
    void neighboursAndAdministratorsByANameOfOurs(boolean inside, String token, boolean ours, boolean sees) {
        Administrators administrators =
                new Administrators(new AdminToken("secret"), caller -> false, (origin, host) -> true);
        Viewers viewers = new Viewers(administrators, request -> inside, request -> ours);

        assertEquals(sees, viewers.include(request(token)));
    }

    private static HttpServletRequest request(String token) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ViewersTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> method.getName().equals("getHeader") && "Authorization".equals(args[0])
                        ? "Bearer " + token
                        : null);
    }
}
