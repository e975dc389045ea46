/** The health of the backups where Spring Boot and Micrometer look for it. */
@NullMarked
package dev.sevenfold.examples.jobs.health;

import org.jspecify.annotations.NullMarked;
