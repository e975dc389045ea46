/**
 * Tables and schemas as values that every engine shares, and the one place that quotes names. Start
 * from {@link dev.sevenfold.backup.schema.DatabaseSchema}.
 */
@NullMarked
package dev.sevenfold.backup.schema;

import org.jspecify.annotations.NullMarked;
