package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database in the shape of a real application: every way of owning a row, triggers, cascades. */
public final class SharedDatabase {

  static final List<String> IGNORED = List.of("sessions", "solid_queue_jobs", "audit_log");

  private final Path folder;
  private final Path file;

  private SharedDatabase(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("production.sqlite3");
  }

  public static SharedDatabase create(Path folder, int tenants, long seed) {
    SharedDatabase database = new SharedDatabase(folder);
    Random random = new Random(seed);
    try (Connection connection = database.connect()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        for (String sql : script()) {
          statement.execute(sql);
        }
      }
      connection.setAutoCommit(false);
      for (int tenant = 1; tenant <= tenants; tenant++) {
        new Filler(connection, tenant, random, database.files()).fill();
      }
      connection.commit();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("The shared database could not be made", e);
    }
    return database;
  }

  private static List<String> script() {
    try (var in = SharedDatabase.class.getResourceAsStream("shared-database.sql")) {
      if (in == null) {
        throw new IllegalStateException("shared-database.sql is missing");
      }
      String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(sql.split(";;\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path file() {
    return file;
  }

  public Path files() {
    return folder.resolve("storage");
  }

  public TenantModel model() {
    return modelBuilder().build();
  }

  public TenantModel.Builder modelBuilder() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .ownedByColumn("todos", "owner_ref")
        .reference("notes", "author_id", "users", "id")
        .polymorphic(
            "taggings",
            "taggable_type",
            "taggable_id",
            Map.of("User", "users", "Task", "tasks", "Country", "countries"))
        .referencedBy("blobs", "attachments", "blob_id")
        .shared("countries", "schema_migrations")
        .ignored("sessions", "solid_queue_*", "audit_log")
        .files(files(), "blobs", "{key[0..2]}/{key[2..4]}/{key}");
  }

  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA synchronous = OFF");
    }
    return connection;
  }

  public void execute(String sql, @Nullable Object... values) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  public String query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    }
  }

  /** Every row of every table but the ignored ones, by type, in a canonical order. */
  public Map<String, List<String>> dump() {
    Map<String, List<String>> dump = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                  + " AND name NOT LIKE '%_fts%'")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (String table : tables) {
        if (!IGNORED.contains(table)) {
          dump.put(table, Rows.of(statement, Sql.name(table)));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return dump;
  }

  /** For each owned table, which of its rows are the tenant's: written down independently. */
  private static Map<String, String> ownedBy(int tenant) {
    Map<String, String> where = new TreeMap<>();
    String users = "(SELECT id FROM users WHERE tenant_id = " + tenant + ")";
    String tasks =
        "(SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id WHERE p.tenant_id = "
            + tenant
            + ")";
    where.put("tenants", "id = " + tenant);
    for (String table :
        List.of(
            "users",
            "projects",
            "attachments",
            "orders",
            "metrics",
            "invoices",
            "events",
            "select",
            "departments",
            "posts")) {
      where.put(table, "tenant_id = " + tenant);
    }
    where.put("tasks", "project_id IN (SELECT id FROM projects WHERE tenant_id = " + tenant + ")");
    where.put("comments", "task_id IN " + tasks);
    where.put("notes", "author_id IN " + users);
    where.put("todos", "owner_ref = '" + tenant + "'");
    where.put(
        "taggings",
        "(taggable_type = 'Task' AND taggable_id IN "
            + tasks
            + ") OR (taggable_type = 'User' AND taggable_id IN "
            + users
            + ")");
    where.put("blobs", "id IN (SELECT blob_id FROM attachments WHERE tenant_id = " + tenant + ")");
    where.put(
        "order_lines", "order_id IN (SELECT id FROM orders WHERE tenant_id = " + tenant + ")");
    where.put(
        "employees",
        "department_id IN (SELECT id FROM departments WHERE tenant_id = " + tenant + ")");
    return where;
  }

  /** Every row that is the tenant's, by type, in a canonical order. */
  public Map<String, List<String>> dumpOf(int tenant) {
    Map<String, List<String>> dump = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> table : ownedBy(tenant).entrySet()) {
        dump.put(
            table.getKey(),
            Rows.of(statement, Sql.name(table.getKey()) + " WHERE " + table.getValue()));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return dump;
  }

  /** Every row of all other tenants, and every shared row. */
  public Map<String, List<String>> dumpOfOthers(int tenant) {
    Map<String, List<String>> dump = new TreeMap<>();
    int tenants = Integer.parseInt(query("SELECT max(id) FROM tenants"));
    for (int other = 1; other <= tenants; other++) {
      if (other != tenant) {
        int prefix = other;
        dumpOf(other).forEach((table, rows) -> dump.put(prefix + " " + table, rows));
      }
    }
    dump.put("countries", dump().getOrDefault("countries", List.of()));
    return dump;
  }

  /** Deletes everything that a tenant has, as an application would. */
  public void deleteAllOf(int tenant) {
    for (String sql :
        List.of(
            "DELETE FROM taggings WHERE taggable_type = 'Task' AND taggable_id IN (SELECT t.id FROM"
                + " tasks t JOIN projects p ON p.id = t.project_id WHERE p.tenant_id = ?)",
            "DELETE FROM taggings WHERE taggable_type = 'User' AND taggable_id IN (SELECT id FROM"
                + " users WHERE tenant_id = ?)",
            "DELETE FROM notes WHERE author_id IN (SELECT id FROM users WHERE tenant_id = ?)",
            "DELETE FROM projects WHERE tenant_id = ?",
            "DELETE FROM todos WHERE owner_ref = ?",
            "DELETE FROM metrics WHERE tenant_id = ?",
            "DELETE FROM invoices WHERE tenant_id = ?",
            "DELETE FROM events WHERE tenant_id = ?",
            "DELETE FROM \"select\" WHERE tenant_id = ?",
            "DELETE FROM posts WHERE tenant_id = ?",
            "DELETE FROM order_lines WHERE order_id IN (SELECT id FROM orders WHERE tenant_id = ?)",
            "DELETE FROM orders WHERE tenant_id = ?",
            "UPDATE departments SET head_id = NULL WHERE tenant_id = ?",
            "DELETE FROM employees WHERE department_id IN (SELECT id FROM departments WHERE"
                + " tenant_id = ?)",
            "DELETE FROM departments WHERE tenant_id = ?",
            "UPDATE attachments SET blob_id = blob_id WHERE tenant_id = ?",
            "DELETE FROM attachments WHERE tenant_id = ?",
            "DELETE FROM users WHERE tenant_id = ?")) {
      execute(sql, tenant);
    }
    execute("DELETE FROM blobs WHERE id NOT IN (SELECT blob_id FROM attachments)");
    execute("DELETE FROM tenants WHERE id = ?", tenant);
  }

  /** The digest of every file below {@link #files()}, by its path. */
  public Map<String, String> fileDigests() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (var walk = Files.walk(files())) {
      for (Path path : walk.filter(Files::isRegularFile).toList()) {
        byte[] digest = Sha256.digest().digest(Files.readAllBytes(path));
        digests.put(files().relativize(path).toString(), HexFormat.of().formatHex(digest));
      }
    }
    return digests;
  }

  /** The triggers, as the schema has them. */
  public String triggers() {
    return query(
        "SELECT group_concat(name || sql, '|') FROM (SELECT name, sql FROM sqlite_schema WHERE type"
            + " = 'trigger' ORDER BY name)");
  }

  /** Fills in one tenant. */
  private record Filler(Connection connection, int tenant, Random random, Path storage) {

    void fill() throws SQLException, IOException {
      insert("tenants", tenant, "Tenant " + tenant, odd());
      List<Long> users = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        users.add(
            insert(
                "users",
                null,
                tenant,
                "u" + i + "@t" + tenant + ".example",
                users.isEmpty() ? null : pick(users)));
      }
      for (int i = 0; i < 4; i++) {
        insert("notes", null, pick(users), odd());
        insert("sessions", null, pick(users), "token");
        insert("todos", null, Integer.toString(tenant), odd());
        insert("metrics", null, tenant, odd());
        insert("invoices", null, tenant, random.nextInt(1000), random.nextDouble());
        insert("events", tenant, "k" + random.nextInt(2), i < 2 ? "same" : odd());
        insert("select", null, tenant, odd());
        insert("posts", null, tenant, "title " + i, "body of " + tenant + " " + i);
      }
      fillProjects(users);
      fillStaff();
      fillBlobs();
      long order = insert("orders", null, tenant, "o" + tenant);
      for (int i = 0; i < 5; i++) {
        insert("order_lines", order, "l" + i, odd());
      }
    }

    private void fillProjects(List<Long> users) throws SQLException {
      for (int p = 0; p < 3; p++) {
        String project = new UUID(random.nextLong(), random.nextLong()).toString();
        insert("projects", project, tenant, pick(users), 0);
        List<Long> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          long task =
              insert("tasks", null, project, i, tasks.isEmpty() ? null : pick(tasks), odd());
          tasks.add(task);
          insert("comments", null, task, odd());
        }
        insert("taggings", "Task", pick(tasks), "urgent");
        insert("taggings", "User", pick(users), "boss");
        insert("taggings", "Country", 1, "nice");
      }
    }

    private void fillStaff() throws SQLException {
      long department = insert("departments", null, tenant, null);
      long employee = insert("employees", null, department);
      insert("employees", null, department);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE departments SET head_id = ? WHERE id = ?")) {
        update.setLong(1, employee);
        update.setLong(2, department);
        update.execute();
      }
    }

    private void fillBlobs() throws SQLException, IOException {
      for (int i = 0; i < 3; i++) {
        String key = String.format(Locale.ROOT, "%08x%02d%d", random.nextInt(), tenant, i);
        long blob = insert("blobs", null, key);
        insert("attachments", null, tenant, blob);
        Path file = storage.resolve(key.substring(0, 2)).resolve(key.substring(2, 4)).resolve(key);
        Files.createDirectories(file.getParent());
        byte[] content = new byte[random.nextInt(5000)];
        random.nextBytes(content);
        Files.write(file, content);
      }
    }

    private Long pick(List<Long> ids) {
      return ids.get(random.nextInt(ids.size()));
    }

    /** A value of any type, odd ones included. */
    private @Nullable Object odd() {
      return switch (random.nextInt(12)) {
        case 0 -> null;
        case 1 -> Long.MAX_VALUE;
        case 2 -> Long.MIN_VALUE;
        case 3 -> -0.0;
        case 4 -> Double.POSITIVE_INFINITY;
        case 5 -> "a\0b";
        case 6 -> new byte[] {0, (byte) 0xff, 1};
        case 7 -> 1.0;
        case 8 -> (1L << 53) + 1;
        case 9 -> new byte[0];
        case 10 -> "Grüße 🚀 'quoted' \"x\"";
        default -> random.nextInt();
      };
    }

    private long insert(String table, @Nullable Object... values) throws SQLException {
      String marks = String.join(", ", java.util.Collections.nCopies(values.length, "?"));
      List<String> columns = new ArrayList<>();
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT name FROM pragma_table_info(?)")) {
        statement.setString(1, table);
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            columns.add(Sql.name(row.getString(1)));
          }
        }
      }
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO "
                  + Sql.name(table)
                  + " ("
                  + String.join(", ", columns.subList(0, values.length))
                  + ") VALUES ("
                  + marks
                  + ")")) {
        for (int i = 0; i < values.length; i++) {
          statement.setObject(i + 1, values[i]);
        }
        statement.execute();
      }
      try (Statement statement = connection.createStatement();
          ResultSet id = statement.executeQuery("SELECT last_insert_rowid()")) {
        return id.getLong(1);
      }
    }
  }
}
