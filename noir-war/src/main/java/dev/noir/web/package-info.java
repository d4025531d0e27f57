/** What every HTTP request passes: by which name we were called, where it is from, and what a browser may do with the answer. */
@NullMarked
package dev.noir.web;

import org.jspecify.annotations.NullMarked;
