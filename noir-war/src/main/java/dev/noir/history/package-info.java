/**
 * What peers' connections have done of late, on the node that hosts their room: samples, and what went wrong in sentences.
 * docs/management.md. Knows {@code event} and {@code room}.
 */
@NullMarked
package dev.noir.history;

import org.jspecify.annotations.NullMarked;
