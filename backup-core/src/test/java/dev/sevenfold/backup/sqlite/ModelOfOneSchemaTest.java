package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owns which table is worked out once for each schema, and never taken for another one's. */
class ModelOfOneSchemaTest {

  private static final String TENANTS = "CREATE TABLE tenants (id INTEGER PRIMARY KEY)";
  private static final String NOTES =
      "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text)";

  @TempDir Path folder;
  private final Deque<Path> lent = new ArrayDeque<>();

  /** A database that lends connections to the files of {@link #lent}, in this order. */
  private SqliteEngine database() {
    return new SqliteEngine(
        new SqliteTenantSource.Builder(
            () -> DriverManager.getConnection("jdbc:sqlite:" + lent.removeFirst()),
            TenantModel.rootedAt("tenants").column("tenant_id").build(),
            null,
            true),
        Optional.empty());
  }

  private LiveModel model(SqliteEngine database, Lab lab) throws SQLException {
    lent.add(lab.file());
    try (Session session = database.open()) {
      return database.model(session);
    }
  }

  private Lab lab(String name, String... statements) {
    folder.resolve(name).toFile().mkdirs();
    return Lab.with(folder.resolve(name), statements);
  }

  @Test
  void it_is_resolved_once_as_long_as_the_definitions_stay() throws SQLException {
    Lab lab = lab("one", TENANTS, NOTES);
    SqliteEngine database = database();
    LiveModel first = model(database, lab);

    lab.execute("INSERT INTO tenants VALUES (1)");
    lab.execute("VACUUM");

    assertThat(model(database, lab)).isSameAs(first);
    assertThat(model(database, lab("copy", TENANTS, NOTES))).isSameAs(first);
  }

  @Test
  void it_is_resolved_anew_when_a_definition_has_changed() throws SQLException {
    Lab lab = lab("one", TENANTS, NOTES);
    SqliteEngine database = database();
    assertThat(model(database, lab).schema().table("notes").uniques()).isEmpty();

    lab.execute("CREATE UNIQUE INDEX one_text ON notes (text)");

    assertThat(model(database, lab).schema().table("notes").uniques()).hasSize(1);
  }

  @Test
  void another_database_of_the_same_version_is_not_taken_for_the_first() throws SQLException {
    Lab one = lab("one", TENANTS, NOTES);
    Lab other = lab("other", TENANTS, NOTES.replace("text", "title"));
    assertThat(one.query("PRAGMA schema_version")).isEqualTo(other.query("PRAGMA schema_version"));
    SqliteEngine database = database();

    assertThat(model(database, one).schema().table("notes").stored()).contains("text");
    assertThat(model(database, other).schema().table("notes").stored()).contains("title");
    assertThat(model(database, one).schema().table("notes").stored()).contains("text");
  }

  @Test
  void a_schema_that_is_attached_is_not_read_for_it() throws SQLException {
    Lab lab = lab("one", TENANTS, NOTES);
    SqliteEngine database = database();
    LiveModel first = model(database, lab);
    lent.add(lab.file());

    try (Session session = database.open()) {
      session.attachTemporary(Workbench.STAGE);
      session.execute("CREATE TABLE " + Workbench.STAGE + ".more (id)");

      assertThat(database.model(session)).isSameAs(first);
    }
  }
}
