package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes staged rows as the host's rules say, so that the plan, the merge and the proof all know
 * of it.
 */
public final class StageRules {

  private final LiveRows live;
  private final Session session;
  private final RestoreRules rules;
  private final List<Table> staged;
  private final StagedRemoval removal;
  private final List<String> notes = new ArrayList<>();

  public StageRules(LiveRows live, List<Table> staged) throws SQLException {
    Ownership ownership = live.model().ownership();
    this.live = live;
    this.session = live.workbench();
    this.rules = ownership.rules();
    this.staged = staged;
    this.removal = new StagedRemoval(session, ownership, live.model().schema(), staged, notes);
  }

  /** Applies every rule, and says what was done. */
  public List<String> apply() throws SQLException {
    for (String table : rules.emptied()) {
      if (isStaged(table)) {
        removal.remove(table, "1", "rows of table " + table + " are not brought back");
      }
    }
    for (RestoreRules.Erasure erasure : rules.erasures()) {
      if (isStaged(erasure.table())) {
        erase(erasure);
      }
    }
    for (RestoreRules.Reset reset : rules.resets()) {
      if (isStaged(reset.table())) {
        reset(reset);
      }
    }
    return notes;
  }

  private boolean isStaged(String table) {
    return staged.stream().anyMatch(candidate -> candidate.name().equalsIgnoreCase(table));
  }

  private void erase(RestoreRules.Erasure erasure) throws SQLException {
    Table ledger = live.model().schema().table(erasure.ledger());
    String staged =
        "SELECT %s FROM %s"
            .formatted(Sql.name(erasure.column()), Sql.name(Workbench.STAGE, erasure.table()));
    live.bring(List.of(Question.holding(ledger, List.of(erasure.ledgerColumn()), staged)));
    removal.remove(
        erasure.table(),
        Sql.of(
            "\"{column}\" IN (SELECT \"{erased}\" FROM {ledger})",
            erasure.column(),
            erasure.ledgerColumn(),
            live.table(erasure.ledger())),
        "rows of table %s stay erased, as table %s says"
            .formatted(erasure.table(), erasure.ledger()));
  }

  private void reset(RestoreRules.Reset reset) throws SQLException {
    try {
      long rows =
          session.update(
              Sql.of(
                  "UPDATE OR ABORT {staged} SET \"{column}\" = ?",
                  Sql.name(Workbench.STAGE, reset.table()),
                  reset.column()),
              reset.value());
      if (rows > 0) {
        notes.add(
            rows + " rows of table " + reset.table() + " have their " + reset.column() + " reset");
      }
    } catch (SQLException e) {
      if (!SqliteErrors.isConstraint(e)) {
        throw e;
      }
      throw new RestoreRefused(
          reset.table() + '.' + reset.column() + " cannot be reset as the model says",
          List.of(String.valueOf(e.getMessage())),
          "Choose a value that the schema allows",
          e);
    }
  }
}
