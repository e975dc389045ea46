package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.engine.LiveModel;

/** What is known of the server's tables, for as long as its catalog says the same. Immutable. */
record PostgresModel(PostgresSchema types, LiveModel model) {}
