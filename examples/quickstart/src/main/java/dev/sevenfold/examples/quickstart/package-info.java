/**
 * Sevenfold in two minutes, on a database that is made up on the spot. Start from {@link
 * dev.sevenfold.examples.quickstart.Quickstart}.
 */
@NullMarked
package dev.sevenfold.examples.quickstart;

import org.jspecify.annotations.NullMarked;
