/**
 * Archives of an older schema are brought to the schema of today by the host's own Flyway
 * migrations. Start from {@link dev.sevenfold.examples.flyway.FlywayArchiveMigration}.
 */
@NullMarked
package dev.sevenfold.examples.flyway;

import org.jspecify.annotations.NullMarked;
