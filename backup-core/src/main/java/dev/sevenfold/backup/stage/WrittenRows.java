package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.engine.PlannedRows;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.StagedTenant;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that the restore of a part has written, as its safety archive keeps them: so that an
 * undo takes back these and no others. A text of lines, ASCII alone:
 *
 * <pre>
 * file NAME SHA256             a file that was written, by its entry's name in hexadecimal
 * table NAME COLUMN,COLUMN,…   names in hexadecimal
 * created IDENTITY ROW         what was written, value by value: integer:37,text:41,
 * updated IDENTITY ROW
 * deleted IDENTITY ROW         what was there
 * </pre>
 */
public final class WrittenRows {

  /** The name of the entry in a safety archive. */
  public static final String ENTRY = "written.txt";

  private static final HexFormat HEX = HexFormat.of();
  private static final String FILE = "file";
  private static final int FIELDS = 3;
  private static final int AT_ONCE = 200;

  private WrittenRows() {}

  /** Whether an archive says what was written: one that the restore of a part took first. */
  public static boolean isIn(StagedTenant archive) {
    return archive.manifest().purpose() == ArchiveManifest.Purpose.SAFETY
        && archive.manifest().entries().stream().anyMatch(entry -> entry.name().equals(ENTRY));
  }

  /**
   * Writes down what a plan is about to write.
   *
   * @param files the digests of the files that are written, by the names of their entries
   */
  public static void write(
      Session session, List<? extends PlannedRows> plan, Map<String, String> files, Path file)
      throws SQLException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      for (Map.Entry<String, String> written : new TreeMap<>(files).entrySet()) {
        out.write(FILE + ' ' + hex(written.getKey()) + ' ' + written.getValue() + '\n');
      }
      for (PlannedRows rows : plan) {
        write(session, rows, out);
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "What a restore writes could not be written down in " + file + ": " + Printable.reason(e),
          "Check the space of the scratch folder; nothing was changed",
          e);
    }
  }

  private static void write(Session session, PlannedRows rows, BufferedWriter out)
      throws SQLException, IOException {
    Table table = rows.table();
    String columns = table.stored().stream().map(WrittenRows::hex).collect(Collectors.joining(","));
    out.write("table " + hex(table.name()) + ' ' + columns + '\n');
    List<String> lines = new ArrayList<>();
    lines.add(line("created", table, "s", rows.inserts() + " k CROSS JOIN " + rows.stageRows("k")));
    lines.add(line("updated", table, "s", rows.updates() + " k CROSS JOIN " + rows.stageRows("k")));
    lines.add(
        line("deleted", table, "b", rows.deletes() + " k CROSS JOIN " + rows.beforeRows("k")));
    for (String select : lines) {
      List<IOException> failed = new ArrayList<>();
      session.forEach(
          select,
          row -> {
            try {
              out.write(row.getString(1));
            } catch (IOException e) {
              failed.add(e);
            }
          });
      if (!failed.isEmpty()) {
        throw failed.get(0);
      }
    }
  }

  private static String line(String what, Table table, String alias, String rows) {
    return Sql.of(
        "SELECT {what} || ({identity}) || ' ' || ({row}) || char(10) FROM {rows}",
        Sql.text(what + ' '),
        RowMatch.fingerprint(table.identity(), alias),
        RowMatch.fingerprint(table, alias),
        rows);
  }

  private static String hex(String name) {
    return HEX.formatHex(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String unhex(String hex) {
    return new String(HEX.parseHex(hex), StandardCharsets.UTF_8);
  }

  /**
   * Reads what was written into tables of the plan: {@code what, id, print} for each of these.
   *
   * @param files takes the digests of the files that were written
   * @return for each table, the columns that it had then and still has: what rows are compared by
   */
  static Map<String, List<String>> read(
      Session session, StagedTenant archive, List<PartTable> tables, Map<String, String> files)
      throws SQLException {
    Map<String, List<String>> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (PartTable table : tables) {
      session.make(table.written(), "(what, id, print)");
      session.execute(
          Sql.of(
              "CREATE INDEX {index} ON {table} (id)",
              Sql.name(Workbench.PLAN, "part_written_by_" + table.number()),
              Sql.name("part_written_" + table.number())));
    }
    Path file = archive.entry(ENTRY);
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      Reading reading = new Reading(session, tables, found);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] fields = line.split(" ", FIELDS);
        if (fields[0].equals(FILE)) {
          files.put(unhex(fields[1]), fields[2]);
        } else {
          reading.line(fields);
        }
      }
      reading.flush();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ArchiveCorrupt(
          "What the restore has written cannot be read out of its safety archive: "
              + Printable.of(String.valueOf(e.getMessage())),
          "Restore one of the tenant's restore points instead",
          e);
    }
    return found;
  }

  /** Lines on their way into tables. */
  private static final class Reading {
    private final Session session;
    private final List<PartTable> tables;
    private final Map<String, List<String>> found;
    private final List<Object> due = new ArrayList<>();
    private Optional<PartTable> table = Optional.empty();
    private List<Integer> kept = List.of();
    private String name = "";

    Reading(Session session, List<PartTable> tables, Map<String, List<String>> found) {
      this.session = session;
      this.tables = tables;
      this.found = found;
    }

    void line(String[] fields) throws SQLException {
      if (fields[0].equals("table")) {
        flush();
        begin(fields);
      } else {
        add(fields);
      }
    }

    private void begin(String[] fields) {
      name = unhex(fields[1]);
      List<String> columns =
          Arrays.stream(fields[2].split(",", -1)).map(WrittenRows::unhex).toList();
      table = tables.stream().filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
      kept =
          IntStream.range(0, columns.size())
              .filter(
                  i ->
                      table.isPresent()
                          && table.get().table().stored().stream()
                              .anyMatch(columns.get(i)::equalsIgnoreCase))
              .boxed()
              .toList();
      table.ifPresent(
          one -> found.put(name, one.table().spelled(kept.stream().map(columns::get).toList())));
    }

    private void add(String[] fields) throws SQLException {
      if (table.isEmpty()) {
        throw new RestoreRefused(
            "The last restore wrote to table " + name + ", which is not there any more",
            List.of(),
            "Nothing was changed; restore one of the tenant's restore points instead");
      }
      String[] values = fields[2].split(",", -1);
      due.addAll(
          List.of(
              fields[0],
              fields[1],
              kept.stream().map(i -> values[i] + ',').collect(Collectors.joining())));
      if (due.size() >= AT_ONCE) {
        flush();
      }
    }

    void flush() throws SQLException {
      if (!due.isEmpty()) {
        String row = "(?, ?, ?)";
        String rows = String.join(", ", Collections.nCopies(due.size() / FIELDS, row));
        @Nullable Object[] values = due.toArray();
        session.update("INSERT INTO " + table.orElseThrow().written() + " VALUES " + rows, values);
        due.clear();
      }
    }
  }
}
