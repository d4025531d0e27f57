/** Bots that come with noiR: they know the open part alone, as those of applications do. */
@NullMarked
package dev.noir.bot.announce;

import org.jspecify.annotations.NullMarked;
