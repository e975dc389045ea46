/**
 * SQLite as a source: a tenant is extracted from one snapshot, and merged back by its differences.
 * Start from {@link dev.sevenfold.backup.sqlite.SqliteTenantSource}.
 *
 * <p>A live database file is never opened except through SQLite: opening and closing it through
 * Java would drop the locks that SQLite holds in this process.
 */
@NullMarked
package dev.sevenfold.backup.sqlite;

import org.jspecify.annotations.NullMarked;
