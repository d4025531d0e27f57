package dev.noir.admin;

import dev.noir.access.Caller;

/**
 * Who gives a command. Who knows the admin token and nothing else is anonymous.
 *
 * @param door through which, for the log: "rpc" and the like
 */
public record Actor(Caller caller, String door) {
    /** The door of whoever can write to Redis, and knows the cluster's secret if there is one. */
    public static final String REDIS = "redis";
}
