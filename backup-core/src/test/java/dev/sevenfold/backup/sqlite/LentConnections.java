package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.source.ConnectionCustomizer;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a host lends: each connection of another source, with what the host registers on it.
 *
 * @param connections where they come from
 * @param host what the host does to each
 */
record LentConnections(DataSource connections, ConnectionCustomizer host) implements DataSource {

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = connections.getConnection();
    host.customize(connection);
    return connection;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return connections.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return connections.isWrapperFor(type);
  }
}
