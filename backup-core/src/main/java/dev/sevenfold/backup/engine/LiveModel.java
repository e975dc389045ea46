package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.tenant.Ownership;

/**
 * The tables of a database, and who owns them. Immutable, and shared by all work of a source for as
 * long as the schema is the same.
 *
 * @param schema the tables
 * @param ownership the host's model, held against them
 */
public record LiveModel(Schema schema, Ownership ownership) {}
