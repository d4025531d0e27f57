/** Processes of bots, which this node starts, watches and starts again. */
@NullMarked
package dev.noir.bots;

import org.jspecify.annotations.NullMarked;
