/** Tests of schedules, jobs and the scheduler. */
@NullMarked
package dev.sevenfold.backup.job;

import org.jspecify.annotations.NullMarked;
