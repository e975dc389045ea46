/**
 * An application that several firms share, with a page where each firm looks after its backups.
 * Start from {@link dev.sevenfold.examples.dashboard.Dashboard}.
 */
@NullMarked
package dev.sevenfold.examples.dashboard;

import org.jspecify.annotations.NullMarked;
