/** A host of db-scheduler on SQLite, or on PostgreSQL for several nodes. */
@NullMarked
package dev.sevenfold.examples.jobs.dbscheduler;

import org.jspecify.annotations.NullMarked;
