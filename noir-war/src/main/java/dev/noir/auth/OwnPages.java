package dev.noir.auth;

import org.jspecify.annotations.Nullable;

/** Port: which pages of the web are ours. Thread: any. */
public interface OwnPages {
    /**
     * @param origin the Origin header; null: none
     * @param host the Host header
     */
    boolean isOwn(@Nullable String origin, @Nullable String host);
}
