package dev.noir.access;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds where a host is: the DNS, or what a test has instead. Thread: any; it blocks. */
public interface Names {
    /** @return one address at least */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
