package dev.noir.playing;

import dev.noir.access.Names;
import dev.noir.access.PublicAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which URLs may be fetched: those that begin as one of a list does, scheme, host, port and folder, at addresses that are not of our own network.
 * Thread: any.
 *
 * @param allowed absolute, of http or https, with a path that ends with a slash
 * @param privately also addresses of our own network
 */
public record UrlRules(List<URI> allowed, boolean privately) {
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

    /**
     * Where to fetch it. The address is the one that has been looked at: names are not asked again.
     *
     * @param host as the URL has it, without brackets
     */
    record Place(URI url, String host, InetAddress address, int port) {
        boolean isEncrypted() {
            return url.getScheme().equalsIgnoreCase("https");
        }
    }

    public UrlRules {
        allowed = List.copyOf(allowed);
    }

    /** Whether a name is a URL at all. */
    static boolean isUrl(String name) {
        return name.contains("://");
    }

    static URI parse(String text) throws MediaFileException {
        try {
            return new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            throw new MediaFileException(Printable.name(text) + " is no URL");
        }
    }

    /**
     * Where it is. Blocks.
     *
     * @throws MediaFileException it may not be fetched, in words
     */
    Place find(URI url, Names names) throws MediaFileException {
        if (url.getRawUserInfo() != null || allowed.stream().noneMatch(each -> isBelow(each, url))) {
            throw new MediaFileException("the URL is below none that are listed: " + Printable.name(url.toString()));
        }
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        InetAddress[] addresses;
        try {
            addresses = names.resolve(host);
        } catch (UnknownHostException e) {
            throw new MediaFileException("the host " + Printable.name(host) + " is not known");
        }
        Optional<InetAddress> hidden = privately ? Optional.empty() : PublicAddresses.other(addresses);
        if (hidden.isPresent()) {
            throw new MediaFileException("this server plays from public addresses alone, and " + Printable.name(host)
                    + " is at " + hidden.get().getHostAddress());
        }
        return new Place(url, host, addresses[0], port(url));
    }

    private static boolean isBelow(URI folder, URI url) {
        return folder.getScheme().equalsIgnoreCase(url.getScheme())
                && folder.getHost().equalsIgnoreCase(url.getHost())
                && port(folder) == port(url)
                && isPlain(url.getRawPath())
                && url.getRawPath().startsWith(folder.getRawPath());
    }

    /** No server may take it for another folder's. */
    private static boolean isPlain(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return !lower.contains("..")
                && !lower.contains("%2e")
                && !lower.contains("%2f")
                && !lower.contains("%5c")
                && !lower.contains("\\");
    }

    private static int port(URI url) {
        return url.getPort() >= 0
                ? url.getPort()
                : PORTS.getOrDefault(url.getScheme().toLowerCase(Locale.ROOT), -1);
    }
}
