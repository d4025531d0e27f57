/** The test caller. */
@NullMarked
package dev.noir.bot.call;

import org.jspecify.annotations.NullMarked;
