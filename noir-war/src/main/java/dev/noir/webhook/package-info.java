/**
 * Brings what stands in the logs of rooms to the URLs that an administrator has named, by the rules of Standard Webhooks
 * (github.com/standard-webhooks): docs/operations.md. Knows {@code eventlog} and {@code room}.
 */
@NullMarked
package dev.noir.webhook;

import org.jspecify.annotations.NullMarked;
