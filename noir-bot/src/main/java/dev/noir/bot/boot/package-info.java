/** Where it starts: threads and clocks are made here alone. */
@NullMarked
package dev.noir.bot.boot;

import org.jspecify.annotations.NullMarked;
