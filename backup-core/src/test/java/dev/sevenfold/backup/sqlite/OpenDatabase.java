package dev.sevenfold.backup.sqlite;

import dev.sevenfold.testsupport.Jvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A process that has a database open and does nothing with it, until its input ends. */
final class OpenDatabase implements AutoCloseable {

  private final Process process;

  private OpenDatabase(Process process) {
    this.process = process;
  }

  static OpenDatabase in(Path database) throws IOException {
    Process process = Jvm.of(OpenDatabase.class, database.toString()).start();
    if (process.getInputStream().read() < 0) {
      throw new IOException("The process could not open the database");
    }
    return new OpenDatabase(process);
  }

  long pid() {
    return process.pid();
  }

  public static void main(String[] args) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      System.out.println("open");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
