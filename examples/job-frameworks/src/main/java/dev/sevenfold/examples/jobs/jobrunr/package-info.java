/** A host of JobRunr on SQLite. */
@NullMarked
package dev.sevenfold.examples.jobs.jobrunr;

import org.jspecify.annotations.NullMarked;
