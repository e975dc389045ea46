/** A host with nothing but the JDK. */
@NullMarked
package dev.sevenfold.examples.jobs.plain;

import org.jspecify.annotations.NullMarked;
