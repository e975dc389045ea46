package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Proposes a model from schema and rows. What is found gives more rows an owner, which proves more:
 * so it looks again until nothing is new. Use from one thread, in one snapshot.
 */
public final class Suggestions {

  /** Each round claims a table or settles a column; more than this is a fault. */
  private static final int MOST_ROUNDS = 500;

  private final Session session;
  private final String live;
  private final String scratch;
  private final Schema schema;
  private final Progress progress;
  private final Draft draft;
  private final Names names;

  private Suggestions(
      Session session,
      String live,
      String scratch,
      Schema schema,
      TenantModel given,
      Progress progress) {
    this.session = session;
    this.live = live;
    this.scratch = scratch;
    this.schema = schema;
    this.progress = progress;
    this.draft = new Draft(given);
    this.names = new Names(schema);
  }

  /**
   * Proposes what belongs to a model.
   *
   * @param live the schema with the rows
   * @param scratch the attached schema that takes what is found on the way
   * @param roots folders that files which rows name may be below
   * @param progress hears how many tables are accounted for
   */
  public static SuggestedModel of(
      Session session,
      String live,
      String scratch,
      Schema schema,
      TenantModel given,
      List<Path> roots,
      Progress progress)
      throws SQLException {
    return new Suggestions(session, live, scratch, schema, given, progress).run(roots);
  }

  private SuggestedModel run(List<Path> roots) throws SQLException {
    Look first = look();
    new Leftovers(first, draft).known();
    TenantColumn.find(first, draft);
    for (int round = 0; another(); round++) {
      if (round == MOST_ROUNDS) {
        throw new OperationFailed(
            "The suggestion found no end after " + round + " rounds",
            "Declare a part of the model, and let the rest be suggested");
      }
    }
    Look last = look();
    new FileNames(last, draft).run(roots);
    new TakenValues(last, draft).run();
    new Leftovers(last, draft).inTheWay();
    new Pairs(last, draft).ask();
    Nobodys.ask(last, draft);
    return draft.suggested();
  }

  private Look look() throws SQLException {
    Look look = Look.at(session, live, scratch, schema, names, draft);
    int left = look.tables(look::isUnclaimed).size();
    int all = schema.tables().size();
    progress.report("suggest", Progress.Unit.TABLES, all - left, all);
    return look;
  }

  /** One step; the surer ones first. */
  private boolean another() throws SQLException {
    Look look = look();
    return new Conflicts(look, draft).run()
        || new Upwards(look, draft).run(Upwards.Sure.FOUND)
        || new Pairs(look, draft).run()
        || new Upwards(look, draft).run(Upwards.Sure.NAMED)
        || new Upwards(look, draft).run(Upwards.Sure.LIKELY)
        || new Undeclared(look, draft).run()
        || new Agreement(look, draft).run()
        || new Downwards(look, draft).run()
        || new Nameless(look, draft).run()
        || new Pairs(look, draft).empty()
        || new Leftovers(look, draft).rest();
  }
}
