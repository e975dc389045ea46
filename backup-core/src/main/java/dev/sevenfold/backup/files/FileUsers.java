package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.FilePath;
import dev.sevenfold.backup.tenant.FileSet;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds files that rows of others name, in whatever file set they are, and whatever types their
 * values have: the number 7, the text and the blob are one path. SQLite looks for rows that name a
 * file with the same last name, as that is the same on every way to a file; whether they are the
 * same file is for the file system to say. Used once.
 */
final class FileUsers {

  private static final int LAST_OF_ASCII = 0x7f;
  private static final String NAMES = "file_names";
  private static final String ENDINGS = "file_endings";
  private static final int LONGEST_ENDING = 8;
  private static final String NOT_ASCII = "*[^\u0001-\u007f]*";

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final FileSets sets;
  private final String own;
  private final Set<Path> candidates;
  private final Function<Table, String> isOthersToo;
  private final Set<Path> used = new HashSet<>();
  private int ending = LONGEST_ENDING;

  private FileUsers(
      LiveRows live,
      Schema schema,
      FileSets sets,
      String own,
      Set<Path> candidates,
      Function<Table, String> isOthersToo) {
    this.live = live;
    this.session = live.workbench();
    this.schema = schema;
    this.sets = sets;
    this.own = own;
    this.candidates = candidates;
    this.isOthersToo = isOthersToo;
  }

  /**
   * The candidates that others name: by rows that are not the tenant's, or not the tenant's alone.
   *
   * @param copied the tenant's rows as they are, in {@link Workbench#COPY}
   * @param candidates files, as {@link FileSets#file} tells them apart
   */
  static Set<Path> of(LiveRows live, Copied copied, FileSets sets, Set<Path> candidates)
      throws SQLException {
    Owners owners = Owners.in(Scope.of(live, copied.copy().model(), copied.key()), "file");
    List<Question> questions = new ArrayList<>();
    for (String name : candidates.isEmpty() ? List.<String>of() : sets.names()) {
      Table table = copied.schema().table(sets.set(name).table());
      String before = Sql.name(Workbench.COPY, table.name());
      String keys = "SELECT " + Sql.columns("b", table.key()) + " FROM " + before + " b";
      questions.add(Question.leading(table, table.key(), keys));
    }
    live.bring(questions);
    for (Question question : questions) {
      owners.ask(question.table(), live.schema(), question.values());
    }
    owners.climb();
    return new FileUsers(
            live,
            copied.schema(),
            sets,
            Workbench.COPY,
            candidates,
            table -> owners.isOthers(table, live.schema(), "m", table.key()))
        .find();
  }

  /**
   * The candidates that rows which are not the tenant's name.
   *
   * @param own the attached schema with the rows of the tenant
   */
  static Set<Path> outside(
      LiveRows live, Schema schema, FileSets sets, String own, Set<Path> candidates)
      throws SQLException {
    return new FileUsers(live, schema, sets, own, candidates, table -> "0").find();
  }

  private Set<Path> find() throws SQLException {
    if (!candidates.isEmpty()) {
      keepNames();
      live.bring(sets.names().stream().map(this::naming).toList());
      for (String name : sets.names()) {
        find(name);
      }
    }
    return used;
  }

  private void keepNames() throws SQLException {
    String names = Sql.name(Workbench.WORK, NAMES);
    session.make(names, "(name TEXT PRIMARY KEY) WITHOUT ROWID");
    Set<String> seen = new HashSet<>();
    for (Path candidate : candidates) {
      String name = String.valueOf(candidate.getFileName());
      if (seen.add(name)) {
        session.update("INSERT OR IGNORE INTO " + names + " VALUES (lower(?))", name);
        ending = Math.min(ending, name.codePointCount(0, name.length()));
      }
    }
    keepEndings(names);
  }

  /** To find the last slash takes SQLite ten times as long as to look at some last characters. */
  private void keepEndings(String names) throws SQLException {
    String endings = Sql.name(Workbench.WORK, ENDINGS);
    session.make(endings, "(ending TEXT PRIMARY KEY) WITHOUT ROWID");
    session.execute(
        Sql.of(
            "INSERT INTO {endings} SELECT DISTINCT lower(substr(name, -{length})) FROM {names}",
            endings,
            ending,
            names));
  }

  private Question naming(String name) {
    FileSet set = sets.set(name);
    return new Question(
        Question.About.NAMING,
        schema.table(set.table()),
        set.path().columns(),
        "SELECT ending FROM " + Sql.name(Workbench.WORK, ENDINGS));
  }

  private void find(String name) throws SQLException {
    FileSet set = sets.set(name);
    Table table = schema.table(set.table());
    List<String> columns = set.path().columns();
    String end = endOf(set.path());
    String last = lastOf(end);
    session.forEach(
        Sql.of(
            """
            SELECT {columns} FROM {live} m
            WHERE (lower(substr({end}, -{length})) IN (SELECT ending FROM {endings})
                AND {last} IN (SELECT name FROM {names}){or others})
              AND (NOT EXISTS (SELECT 1 FROM {own} b WHERE {same key}) OR {shared})
            """,
            TenantFiles.asText(columns),
            live.table(table.name()),
            end,
            ending,
            Sql.name(Workbench.WORK, ENDINGS),
            last,
            Sql.name(Workbench.WORK, NAMES),
            foldsLetters() ? " OR " + last + " GLOB '" + NOT_ASCII + "'" : "",
            Sql.name(own, table.name()),
            RowMatch.isSameKey(table, "b", "m"),
            isOthersToo.apply(table)),
        row -> add(name, set, row));
  }

  /**
   * The end of a row's path as SQL, from the template's last slash; its columns may have others.
   */
  private static String endOf(FilePath path) {
    List<String> tail = new ArrayList<>();
    path.parts(
        text -> {
          int slash = text.lastIndexOf('/');
          if (slash >= 0) {
            tail.clear();
          }
          return tail.add(Sql.text(text.substring(slash + 1)));
        },
        (column, from, to) -> tail.add(slice(column, from, to)));
    return Sql.concatenated(tail);
  }

  /** What a name is without its folders. */
  private static String lastOf(String path) {
    // Without all that is no slash at its end, a path ends with the last slash.
    String folders = "rtrim(" + path + ", replace(" + path + ", '/', ''))";
    return "lower(substr(" + path + ", length(" + folders + ") + 1))";
  }

  private static String slice(String column, int from, int to) {
    String text = "CAST(m." + Sql.name(column) + " AS TEXT)";
    if (from == 0 && to == Integer.MAX_VALUE) {
      return text;
    }
    return "substr(" + text + ", " + (from + 1) + ", " + (to - from) + ')';
  }

  /**
   * Whether the file system takes letters that SQLite cannot compare for the same, as it does with
   * the name of a candidate that is there.
   */
  private boolean foldsLetters() {
    return candidates.stream()
        .filter(file -> file.toString().chars().anyMatch(c -> c > LAST_OF_ASCII))
        .filter(DurableFiles::exists)
        .limit(1)
        .anyMatch(FileUsers::hasOtherNames);
  }

  private static boolean hasOtherNames(Path file) {
    String name = String.valueOf(file.getFileName());
    return Stream.of(
            Normalizer.normalize(name, Normalizer.Form.NFC),
            Normalizer.normalize(name, Normalizer.Form.NFD),
            name.toUpperCase(Locale.ROOT),
            name.toLowerCase(Locale.ROOT))
        .filter(other -> !other.equals(name))
        .anyMatch(other -> DurableFiles.exists(file.resolveSibling(other)));
  }

  private void add(String name, FileSet set, ResultSet row) throws SQLException {
    TenantFiles.spelled(set, row)
        .flatMap(path -> sets.reached(name, path))
        .filter(candidates::contains)
        .ifPresent(used::add);
  }
}
