package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.rows.Decided;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Rows to be written that the model declares everybody's: of an archive that was made before the
 * model said so, or that somebody made up. No restore writes them.
 */
final class ArchivedShared {

  private static final int SAMPLES = 5;

  private final Session session;
  private final RowDiff diff;
  private final OwnedTable owned;

  ArchivedShared(Session session, RowDiff diff, OwnedTable owned) {
    this.session = session;
    this.diff = diff;
    this.owned = owned;
  }

  private String written(String condition) {
    return Sql.of(
        "({written}) w CROSS JOIN {staged row} WHERE {condition}",
        diff.written(),
        diff.stageRows("w"),
        condition);
  }

  /** Selects the keys of all other rows to be written. */
  String others() {
    return owned.shared().isEmpty()
        ? diff.written()
        : Sql.of(
            "SELECT w.\"{key}\" FROM {others}",
            diff.stageKey(),
            written("NOT " + Decided.isShared(owned, "s")));
  }

  /** Says how many there are, and which; empty if there are none. */
  Optional<String> conflict() throws SQLException {
    String shared = written(Decided.isShared(owned, "s"));
    long rows = owned.shared().isEmpty() ? 0 : session.queryLong("SELECT count(*) FROM " + shared);
    if (rows == 0) {
      return Optional.empty();
    }
    Table table = diff.table();
    List<String> samples =
        session.query(
            "SELECT %s FROM %s LIMIT %s".formatted(Sql.columns("s", table.key()), shared, SAMPLES),
            row -> RowKeys.text(RowKeys.values(row, table.key().size())));
    return Optional.of(
        """
        %s archived rows of table %s are everybody's by the model, where %s, which no restore \
        writes: %s = %s; have an ArchiveMigration change them or leave them out\
        """
            .formatted(
                rows,
                table.name(),
                String.join(" or ", owned.shared().stream().map(Object::toString).toList()),
                table.key(),
                samples));
  }
}
