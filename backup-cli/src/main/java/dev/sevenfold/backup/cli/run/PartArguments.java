package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What of a tenant is restored. */
public final class PartArguments {

  /** A backslash keeps a comma inside of a key. */
  private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

  /** Whoever restores a part wants to see which rows it is. */
  private static final int SHOWN = 20;

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

  @Option(names = "--create", description = "Bring back rows that are missing now.")
  boolean create;

  @Option(names = "--update", description = "Give rows that were changed the archived values.")
  boolean update;

  @Option(
      names = "--delete",
      description = "Remove rows that came since. Default: all three; if any is named, only those.")
  boolean delete;

  @Option(
      names = "--only",
      paramLabel = "T,T.COLUMN",
      split = ",",
      description = "Restore these tables, and these columns of rows that are there.")
  List<String> only = List.of();

  @Option(
      names = "--rows",
      paramLabel = "T=KEY,KEY",
      description = {
        "Restore these rows, each with all that hangs below it. A key of several columns is written",
        "a/b; a comma in a key as \\,. In a preview a mere number N: show up to N rows of each table."
      })
  List<String> rows = List.of();

  /** These options, for what was chosen. */
  public RestoreOptions of(RestoreOptions options) {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    if (create) {
      changes.add(Change.CREATE);
    }
    if (update) {
      changes.add(Change.UPDATE);
    }
    if (delete) {
      changes.add(Change.DELETE);
    }
    Map<String, List<String>> keys = new LinkedHashMap<>();
    rows.stream().filter(row -> !isNumber(row)).forEach(row -> add(row, keys));
    Part part =
        new Part(changes.isEmpty() ? EnumSet.allOf(Change.class) : changes, only, keys, false);
    if (!part.isWhole() && options.collisions() == RestoreOptions.Collisions.REMAP) {
      throw new UsageException(
          "--create, --update, --delete, --only and --rows restore a part of a tenant in place, and"
              + " neither --into-tenant nor --new-ids does that; leave out the one or the other");
    }
    return options.with(part);
  }

  /** How many rows of each table a preview shows. */
  public int shown() {
    boolean isPart = create || update || delete || !only.isEmpty() || !rows.isEmpty();
    int shown = isPart ? SHOWN : 0;
    for (String row : rows) {
      if (isNumber(row)) {
        shown = Integer.parseInt(row);
      }
    }
    if (shown < 0) {
      throw new UsageException("--rows is " + shown + "; it must not be negative");
    }
    return shown;
  }

  /** Refuses what only a preview takes. */
  public void requireNoNumber() {
    rows.stream()
        .filter(PartArguments::isNumber)
        .forEach(
            row -> {
              throw new UsageException(
                  "--rows " + row + " names no rows; write the table and the keys, as T=KEY,KEY");
            });
  }

  private static boolean isNumber(String row) {
    return NUMBER.matcher(row).matches();
  }

  private static void add(String row, Map<String, List<String>> keys) {
    int equals = row.indexOf('=');
    if (equals <= 0 || equals == row.length() - 1) {
      throw new UsageException(
          "--rows " + row + " names no rows; write the table and the keys, as T=KEY,KEY");
    }
    List<String> ofTable =
        keys.computeIfAbsent(row.substring(0, equals), table -> new ArrayList<>());
    for (String key : COMMA.split(row.substring(equals + 1), -1)) {
      ofTable.add(key.replace("\\,", ","));
    }
  }
}
