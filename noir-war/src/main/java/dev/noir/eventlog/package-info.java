/**
 * What happens in each room, written down in one row of numbers whichever node hosts it, to be read again and followed; {@code redis}
 * keeps it for a cluster. docs/operations.md. Knows {@code event}, {@code room} and JSON.
 */
@NullMarked
package dev.noir.eventlog;

import org.jspecify.annotations.NullMarked;
