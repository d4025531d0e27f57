/** A process of many bots, and the words it is told what to do in. */
@NullMarked
package dev.noir.bot.worker;

import org.jspecify.annotations.NullMarked;
