package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A host lends connections whose commits may be lost in a power cut. Files move after a commit, so
 * that this one may not; and the host gets its connections back as they were.
 */
class SynchronousCommitTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private String lent = "";
  private String mode = "";

  /** What was in force at each commit that writes, and at each end of a marker. */
  private final List<String> commits = new ArrayList<>();

  private final List<String> ends = new ArrayList<>();
  private final List<String> givenBack = new ArrayList<>();

  @BeforeEach
  void create() {
    lab =
        Lab.plain(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, note TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO papers VALUES (1, 1, 'paper', 'then')");
  }

  @ParameterizedTest
  @CsvSource({
    "WAL, 0, 2",
    "WAL, 1, 2",
    "WAL, 2, 2",
    "WAL, 3, 3",
    "DELETE, 0, 3",
    "DELETE, 1, 3",
    "DELETE, 2, 3",
    "TRUNCATE, 1, 3"
  })
  void the_commit_that_files_follow_reaches_the_disk(String mode, String synchronous, String full)
      throws IOException {
    this.mode = mode;
    lent = synchronous;
    Path file = Files.writeString(folder.resolve("paper"), "then");
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(connections(), model()).build(),
                new InMemoryArchiveStore())
            .build()) {
      Label label = backups.backup(ONE).restorePoint().label();
      lab.execute("UPDATE papers SET note = 'changed'");
      Files.writeString(file, "changed");

      backups.restore(ONE, label);
      backups.undo(ONE);
    }

    assertThat(file).hasContent("changed");
    assertThat(commits).as("a restore and an undo").containsExactly(full, full);
    assertThat(ends).containsExactly(full, full);
    assertThat(givenBack).isNotEmpty().containsOnly(synchronous);
  }

  @ParameterizedTest
  @CsvSource({"WAL, 1, 2", "DELETE, 0, 3"})
  void so_does_the_end_of_a_restore_that_was_killed(String mode, String synchronous, String full)
      throws IOException {
    this.mode = mode;
    lent = synchronous;
    Path file = Files.writeString(folder.resolve("paper"), "then");
    DurableFiles mortal =
        new DurableFiles() {
          @Override
          public void replace(Path from, Path to) {
            throw new MortalDisk.Killed();
          }
        };
    InMemoryArchiveStore store = new InMemoryArchiveStore();
    SqliteTenantSource.Builder source = SqliteTenantSource.builder(connections(), model());
    try (BackupService backups =
        BackupService.builder(source.disk(() -> mortal).build(), store).build()) {
      Label label = backups.backup(ONE).restorePoint().label();
      lab.execute("UPDATE papers SET note = 'changed'");
      Files.writeString(file, "changed");
      backups.restore(ONE, label);
    } catch (MortalDisk.Killed e) {
      assertThat(ends).isEmpty();
    }

    BackupService.builder(source.disk(DurableFiles::new).build(), store).build().close();

    assertThat(file).hasContent("then");
    assertThat(ends).isNotEmpty().containsOnly(full);
    assertThat(givenBack).containsOnly(synchronous);
  }

  private TenantModel model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .files(folder, "papers", "{name}")
        .build();
  }

  private DataSource connections() {
    return proxy(
        DataSource.class,
        (method, args) -> {
          Connection real = lab.connect();
          ask(real, "PRAGMA journal_mode = " + mode);
          ask(real, "PRAGMA synchronous = " + lent);
          return connection(real);
        });
  }

  private Connection connection(Connection real) {
    return proxy(
        Connection.class,
        (method, args) -> {
          if (method.getName().equals("close")) {
            givenBack.add(ask(real, "PRAGMA synchronous"));
          }
          Object answer = invoke(method, real, args);
          return answer instanceof Statement statement && method.getName().equals("createStatement")
              ? statement(real, statement)
              : answer;
        });
  }

  private Statement statement(Connection connection, Statement real) {
    return proxy(
        Statement.class,
        (method, args) -> {
          String sql = args != null && args.length == 1 ? String.valueOf(args[0]) : "";
          if (sql.equals("COMMIT") && !marker(connection).isEmpty()) {
            commits.add(ask(connection, "PRAGMA synchronous"));
          } else if (sql.startsWith("DROP TABLE") && sql.contains("sevenfold_restore_")) {
            ends.add(ask(connection, "PRAGMA synchronous"));
          }
          return invoke(method, real, args);
        });
  }

  private static String marker(Connection connection) throws SQLException {
    return ask(
                connection,
                "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sevenfold_restore_%'")
            .equals("0")
        ? ""
        : "there";
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (var row = statement.getResultSet()) {
        return row.next() ? row.getString(1) : "";
      }
    }
  }

  private interface Call {
    @Nullable Object on(Method method, Object @Nullable [] args) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            SynchronousCommitTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> call.on(method, args)));
  }

  private static @Nullable Object invoke(Method method, Object target, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
