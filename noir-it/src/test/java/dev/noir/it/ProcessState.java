package dev.noir.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel says about a process now (proc(5)).
 *
 * @param udpPorts local ports of its UDP sockets
 * @param tcpConnections how many it has
 * @param descriptors open files, sockets included
 * @param residentKilobytes its memory
 */
record ProcessState(Set<Integer> udpPorts, int tcpConnections, int descriptors, long residentKilobytes) {
    private static final String ESTABLISHED = "01";
    private static final Pattern MAPPING = Pattern.compile("^[0-9a-f]+-[0-9a-f]+ ");

    static ProcessState of(long pid) throws IOException {
        List<String> links = descriptors(pid);
        Set<String> inodes = links.stream()
                .filter(link -> link.startsWith("socket:["))
                .map(link -> link.substring("socket:[".length(), link.length() - 1))
                .collect(Collectors.toSet());
        List<Socket> tcp = sockets(pid, inodes, "tcp", "tcp6");
        return new ProcessState(
                ports(sockets(pid, inodes, "udp", "udp6").stream()),
                (int) tcp.stream()
                        .filter(socket -> socket.state().equals(ESTABLISHED))
                        .count(),
                links.size(),
                resident(pid));
    }

    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.map(ProcessState::target).toList();
        }
    }

    /** Empty when it has been closed meanwhile. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Socket> sockets(long pid, Set<String> inodes, String... tables) throws IOException {
        Map<String, Socket> found = new HashMap<>();
        for (String table : tables) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > 9 && inodes.contains(columns[9])) {
                    String port = columns[1].substring(columns[1].lastIndexOf(':') + 1);
                    found.put(columns[9], new Socket(Integer.parseInt(port, 16), columns[3]));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static Set<Integer> ports(Stream<Socket> sockets) {
        return sockets.map(Socket::port).collect(Collectors.toCollection(TreeSet::new));
    }

    private static long resident(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Kilobytes of memory that it may write and run: a JVM's compiled code. */
    static long residentCode(long pid) throws IOException {
        boolean code = false;
        long kilobytes = 0;
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            if (MAPPING.matcher(line).find()) {
                code = line.contains(" rwxp ");
            } else if (code && line.startsWith("Rss:")) {
                kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kilobytes;
    }

    private record Socket(int port, String state) {}
}
