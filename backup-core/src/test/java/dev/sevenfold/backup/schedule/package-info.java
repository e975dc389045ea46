/** Tests of schedules, jobs and the scheduler. */
@NullMarked
package dev.sevenfold.backup.schedule;

import org.jspecify.annotations.NullMarked;
