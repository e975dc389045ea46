/** A host of Quartz on PostgreSQL. */
@NullMarked
package dev.sevenfold.examples.jobs.quartz;

import org.jspecify.annotations.NullMarked;
