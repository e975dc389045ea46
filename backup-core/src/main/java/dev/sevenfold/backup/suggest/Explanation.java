package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who owns which table, with what the rows say of it: of what a model claims, and of what it
 * declares to be nobody's own. Use from one thread, in one snapshot.
 */
public final class Explanation {

  private Explanation() {}

  /**
   * Explains a model that covers the schema.
   *
   * @param live the rows; reads all of them, several times
   * @param progress hears how many tables are accounted for
   */
  public static String of(LiveRows live, Progress progress) throws SQLException {
    LiveModel model = live.model();
    Ownership ownership = model.ownership();
    List<Table> aside =
        Stream.concat(ownership.shared().stream(), ownership.ignored().stream())
            .flatMap(name -> model.schema().find(name).stream())
            .toList();
    int all = ownership.owned().size() + aside.size();
    progress.report("explain", Progress.Unit.TABLES, 0, all);
    Look look = Look.at(live);
    live.bring(aside.stream().map(Question::all).toList());
    Map<String, List<String>> evidence = new HashMap<>();
    OwnedEvidence owned = OwnedEvidence.find(look, live);
    for (OwnedTable table : ownership.owned()) {
      progress.report("explain", Progress.Unit.TABLES, evidence.size(), all);
      evidence.put(table.name(), owned.of(table));
    }
    AsideEvidence others = new AsideEvidence(look);
    for (Table table : aside) {
      progress.report("explain", Progress.Unit.TABLES, evidence.size(), all);
      evidence.put(table.name(), others.of(table));
    }
    progress.report("explain", Progress.Unit.TABLES, all, all);
    return ownership.explain(table -> evidence.getOrDefault(table, List.of()));
  }
}
