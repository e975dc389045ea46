/** A host of Spring's task scheduler. */
@NullMarked
package dev.sevenfold.examples.jobs.spring;

import org.jspecify.annotations.NullMarked;
