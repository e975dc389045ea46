package dev.sevenfold.backup.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is followed in one statement must not look at every row for each row. */
class ChainsTest {

  @TempDir Path folder;

  private Chains chains(Session session, String key, String reference) throws SQLException {
    session.execute("CREATE TABLE parents (id " + key + " PRIMARY KEY, child_id INTEGER)");
    session.execute(
        "CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id %s REFERENCES parents)"
            .formatted(reference));
    Schema schema = SchemaReader.read(session, Session.MAIN);
    Chains.Rows parents = new Chains.Rows("parents", schema.table("parents"), "parents p");
    Chains.Rows children = new Chains.Rows("children", schema.table("children"), "children t");
    Chains chains = new Chains(session, "\"chains\"");
    chains.lead(
        parents,
        "p",
        children,
        "t",
        parents
            .table()
            .isPointedAt(children.table(), "t", List.of("parent_id"), "p", List.of("id")));
    // And back, by the key of what is led to.
    chains.lead(
        children,
        "t",
        new Chains.Rows("parents", parents.table(), "parents q"),
        "q",
        parents
            .table()
            .isPointedAt(children.table(), "t", List.of("parent_id"), "q", List.of("id")));
    return chains;
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, INTEGER, true",
    "INTEGER, NUMERIC, true",
    "TEXT, TEXT, true",
    "TEXT COLLATE NOCASE, TEXT, true",
    "'', '', true",
    "'', INTEGER, false",
    "'', TEXT, false",
    "TEXT, INTEGER, false",
    "INTEGER, TEXT, false",
    "INTEGER, '', false"
  })
  void a_ring_is_followed_at_once_where_an_index_serves(
      String key, String reference, boolean served) throws SQLException {
    try (Session session = Session.scratch(folder.resolve("scratch"))) {
      assertThat(chains(session, key, reference).canFollow()).isEqualTo(served);
    }
  }
}
