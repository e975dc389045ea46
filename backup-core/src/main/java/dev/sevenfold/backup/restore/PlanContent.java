package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.engine.Writes.Action;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TableDigests;
import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.source.TenantSnapshot.AttachedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a plan would write, in one order: tables by their names, rows in none, files by
 * their paths. The rows are read from the plan's scratch databases. Of a plan that makes new ids,
 * everything that it follows from. Use once, from one thread.
 */
final class PlanContent {

  private final Session session;
  private final Planned plan;
  private final Map<String, MessageDigest> tables = new TreeMap<>();

  PlanContent(Session session, Planned plan) {
    this.session = session;
    this.plan = plan;
  }

  PlanDigest digest() throws SQLException {
    List<RowDiff> diffs =
        plan.rows().diffs().stream()
            .sorted(Comparator.comparing(diff -> diff.table().name()))
            .toList();
    boolean renews = plan.prepared().mayRemap();
    for (RowDiff diff : diffs) {
      if (renews) {
        addInputs(diff);
      } else {
        addRows(diff);
      }
    }
    for (Action reached : plan.rows().reached()) {
      addRows(reached.child().name(), reached.effect(), "SELECT * FROM " + reached.set());
    }
    MessageDigest all = Sha256.digest();
    add(all, "tenant", plan.prepared().target().value());
    Map<String, String> digests = new TreeMap<>();
    tables.forEach((table, sha256) -> digests.put(table, Sha256.hex(sha256.digest())));
    digests.forEach((table, digest) -> add(all, "table", table, digest));
    if (renews) {
      addInputs(all);
    } else {
      addFiles(all);
    }
    return new PlanDigest(Sha256.hex(all.digest()), digests);
  }

  private void addRows(RowDiff diff) throws SQLException {
    String name = diff.table().name();
    String before = Sql.columns("b", diff.table().copied());
    String after = Sql.columns("s", diff.table().copied());
    String rowsBefore = " k CROSS JOIN " + diff.beforeRows("k");
    String rowsAfter = " k CROSS JOIN " + diff.stageRows("k");
    String both = rowsBefore + " CROSS JOIN " + diff.stageRows("k");
    addRows(name, "insert", "SELECT " + after + " FROM " + diff.inserts() + rowsAfter);
    addRows(name, "update", "SELECT " + before + ", " + after + " FROM " + diff.updates() + both);
    addRows(name, "delete", "SELECT " + before + " FROM " + diff.deletes() + rowsBefore);
    addRows(name, "keep", "SELECT " + before + " FROM " + diff.kept() + rowsBefore);
  }

  private void addRows(String table, String what, String select) throws SQLException {
    TableDigests.Digest rows = TableDigests.of(session, select);
    if (rows.rows() > 0) {
      add(of(table), what, Long.toString(rows.rows()), rows.digest());
    }
  }

  private MessageDigest of(String table) {
    return tables.computeIfAbsent(table, name -> Sha256.digest());
  }

  /**
   * New ids, and names of files, are whatever is free at the moment, some drawn at random. What
   * they are given to follows from the archive, and from what the tenant has now.
   */
  private void addInputs(RowDiff diff) throws SQLException {
    TableChange counts = diff.counts(session);
    if (!counts.isEmpty()) {
      String written = counts.inserted() + "/" + counts.updated() + "/" + counts.deleted();
      TableDigests.Digest before = TableDigests.of(session, Workbench.COPY, diff.table());
      add(of(diff.table().name()), written, Long.toString(before.rows()), before.digest());
    }
  }

  private void addInputs(MessageDigest all) {
    plan.prepared()
        .archive()
        .manifest()
        .entries()
        .forEach(entry -> add(all, "archived", entry.name(), entry.sha256()));
    plan.found().files().stream()
        .sorted(Comparator.comparing(AttachedFile::path))
        .forEach(file -> add(all, "file", file.path().toString(), file.sha256()));
  }

  private void addFiles(MessageDigest all) {
    Map<Path, String> found = new HashMap<>();
    for (AttachedFile file : plan.found().files()) {
      found.put(file.path(), file.sha256());
    }
    plan.files().writes().stream()
        .sorted(Comparator.comparing(FilePlan.Write::target))
        .forEach(
            write ->
                add(
                    all,
                    "write",
                    write.target().toString(),
                    found.getOrDefault(write.target(), ""),
                    write.sha256()));
    plan.files().removes().stream()
        .sorted()
        .forEach(file -> add(all, "remove", file.toString(), found.getOrDefault(file, "")));
  }

  /** Each word by its length, so that none runs into the next. */
  private static void add(MessageDigest sha256, String... words) {
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      sha256.update(bytes);
    }
  }
}
