/**
 * The same nightly backups under four job frameworks. Start from {@link
 * dev.sevenfold.examples.jobs.Application}, which has the library, and {@link
 * dev.sevenfold.examples.jobs.FrameworkHost}, which each framework implements.
 */
@NullMarked
package dev.sevenfold.examples.jobs;

import org.jspecify.annotations.NullMarked;
