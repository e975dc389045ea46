package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The column that holds the tenant's key, by one name in several tables. */
final class TenantColumn {

  private static final int WHOLE = 100;

  private TenantColumn() {}

  static void find(Look look, Draft draft) throws SQLException {
    if (!draft.given().isBare() || draft.given().tenantColumn().isPresent()) {
      return;
    }
    Table root = look.schema.table(look.ownership.root().name());
    String key = look.ownership.keyColumn();
    Map<String, List<Found>> found = new TreeMap<>();
    for (Table table : look.schema.tables()) {
      for (Table.Column column : table.columns()) {
        if (!table.name().equals(root.name())
            && look.fits(table, column.name(), root) >= WHOLE
            && Look.isAlike(table, column.name(), root, key)) {
          found
              .computeIfAbsent(column.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
              .add(look.found(table, column.name(), root, key));
        }
      }
    }
    Optional<Map.Entry<String, List<Found>>> best =
        found.entrySet().stream()
            .filter(each -> each.getValue().size() > 1)
            .filter(each -> each.getValue().stream().allMatch(Found::isMost))
            .max(Map.Entry.comparingByValue((a, b) -> Integer.compare(a.size(), b.size())));
    best.ifPresent(
        each ->
            draft.add(
                new Proposal.Column(each.getKey()),
                "in %d tables; %s"
                    .formatted(
                        each.getValue().size(),
                        Evidence.found(
                            each.getValue().stream().mapToLong(Found::found).sum(),
                            each.getValue().stream().mapToLong(Found::values).sum()))));
  }
}
