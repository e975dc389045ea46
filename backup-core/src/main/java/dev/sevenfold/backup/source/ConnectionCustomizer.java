package dev.sevenfold.backup.source;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Gives a connection what the host's schema needs: functions, collations, modules, tokenizers.
 * Called with each connection that the library opens itself, to the live database and to scratch
 * ones. Must be thread-safe.
 */
@FunctionalInterface
public interface ConnectionCustomizer {

  /** Registers what is needed, and leaves the connection open. */
  void customize(Connection connection) throws SQLException;

  /** Adds nothing. */
  static ConnectionCustomizer none() {
    return connection -> {};
  }
}
