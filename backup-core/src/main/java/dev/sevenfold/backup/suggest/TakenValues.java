package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.stage.UniqueRows;
import dev.sevenfold.backup.suggest.Proposal.Taken.Way;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Values that must be unique over all tenants, although nothing in them says whose they are: a copy
 * of a tenant needs others.
 */
final class TakenValues {

  private static final Pattern MAIL = Pattern.compile(".*(e_?mail|mail_?address).*");
  private static final Pattern SECRET =
      Pattern.compile(".*(token|secret|password|api_?key|access_?key|private_?key|digest|hash).*");

  private final Look look;
  private final Draft draft;

  TakenValues(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  void run() throws SQLException {
    for (Table table : look.tables(look::isOwned)) {
      Set<String> modelled = look.modelled(table);
      for (Table.Unique unique : table.uniques()) {
        // Also of an index over expressions: lower(email).
        List<String> columns =
            unique.columns().isEmpty()
                ? table.stored().stream()
                    .filter(each -> UniqueRows.dependsOn(unique, each))
                    .toList()
                : unique.columns();
        if (columns.stream().noneMatch(modelled::contains)) {
          propose(table, columns);
        }
      }
    }
  }

  private void propose(Table table, List<String> columns) throws SQLException {
    Optional<String> text =
        columns.stream().filter(each -> table.affinity(each).equals("TEXT")).reduce((a, b) -> b);
    if (columns.stream().anyMatch(each -> isSaid(table.name(), each))) {
      return;
    }
    if (text.isPresent()) {
      if (isText(table, text.get())) {
        propose(table, text.get());
      }
    } else if (columns.size() == 1
        && !table.column(columns.get(0)).required()
        && look.session.exists(
            "SELECT 1 FROM "
                + look.live(table)
                + " WHERE "
                + Sql.name(columns.get(0))
                + " IS NOT NULL")) {
      draft.add(
          new Proposal.Taken(table.name(), columns.get(0), Way.CLEARED),
          "unique over all tenants, and a number that is none of the tenant's");
    }
  }

  private boolean isText(Table table, String column) throws SQLException {
    return look.session.exists(
        Sql.of(
            "SELECT 1 FROM {table} t WHERE typeof(t.\"{column}\") = 'text'",
            look.live(table),
            column));
  }

  /** Whether all values are as long and without anything that a person writes. */
  private boolean isDrawn(Table table, String column) throws SQLException {
    return look.session.queryLong(
            Sql.of(
                """
                SELECT min(length(t."{column}")) >= 16
                  AND min(length(t."{column}")) = max(length(t."{column}"))
                  AND min(t."{column}" NOT GLOB '*[^0-9A-Za-z_-]*') AND min(t."{column}" GLOB '*[0-9]*')
                FROM {table} t
                """,
                column,
                look.live(table)))
        != 0;
  }

  private boolean isSaid(String table, String column) {
    RestoreRules rules = look.ownership.rules();
    boolean namesFile =
        draft.model().files().stream()
            .anyMatch(
                set ->
                    set.table().equalsIgnoreCase(table)
                        && set.path().columns().stream().anyMatch(column::equalsIgnoreCase));
    // A file that is named otherwise has another name: a restore with new ids draws it.
    return namesFile
        || Stream.concat(rules.replacements().stream(), rules.fileKeys().stream())
            .anyMatch(
                rule ->
                    rule.table().equalsIgnoreCase(table) && rule.column().equalsIgnoreCase(column));
  }

  private void propose(Table table, String column) throws SQLException {
    String lower = column.toLowerCase(Locale.ROOT);
    Way way = Way.SUFFIX;
    if (MAIL.matcher(lower).matches()) {
      way = Way.TAG;
    } else if (SECRET.matcher(lower).matches() || isDrawn(table, column)) {
      way = Way.RANDOM;
    }
    draft.add(
        new Proposal.Taken(table.name(), column, way),
        "unique over all tenants" + (way == Way.RANDOM ? "; a suffix could be guessed" : ""));
  }
}
