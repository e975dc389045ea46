package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.Verification;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The {@code tenant.sqlite3} of an archive, which is untrusted input: somebody else may have made
 * it. Nothing in it is executed, and only ordinary tables are read.
 */
public final class TenantDatabaseFile {

  private static final String UNREADABLE = "The archive's database cannot be read";
  private static final String ADVICE = "Choose another archive";

  /** Says which definitions of tables are the host's own. */
  @FunctionalInterface
  public interface OwnDefinitions {
    Set<String> read() throws SQLException;
  }

  private final ScratchFile.Opener opener;
  private final OwnDefinitions own;
  private final Bounds bounds;

  /**
   * @param own whose expressions may call what the host has registered; others may not
   */
  public TenantDatabaseFile(ScratchFile.Opener opener, OwnDefinitions own) {
    this(opener, own, Bounds.DEFAULT);
  }

  TenantDatabaseFile(ScratchFile.Opener opener, OwnDefinitions own, Bounds bounds) {
    this.opener = opener;
    this.own = own;
    this.bounds = bounds;
  }

  /**
   * Finds out whether the file is a sound SQLite database with exactly the tables, rows and
   * contents that the manifest says.
   */
  public Verification<TenantProof> verify(Path file, ArchiveManifest manifest, Progress progress) {
    List<String> beside = beside(manifest);
    if (!beside.isEmpty()) {
      return new Verification.Damaged<>("The archive is not one of ours", beside, ADVICE);
    }
    try (ScratchFile scratch = opener.open(file)) {
      // Rows are archived as they are, those that a check added later would forbid too.
      scratch.session().set("ignore_check_constraints", 1);
      return look(scratch, manifest, progress);
    } catch (ArchiveNotReadable e) {
      return new Verification.NotKnown<>(e);
    } catch (SQLException e) {
      // What must never be called from a schema is no function that is missing here.
      return SqliteErrors.isDamage(e) || SqliteErrors.isForbidden(e)
          ? damaged(UNREADABLE, String.valueOf(e.getMessage()))
          : new Verification.NotKnown<>(
              SqliteErrors.unavailable("Checking the archive's database", e));
    } catch (InvalidTenantModel e) {
      return damaged(UNREADABLE, e.what());
    }
  }

  private static Verification<TenantProof> damaged(String what, String evidence) {
    return new Verification.Damaged<>(what, List.of(evidence), ADVICE);
  }

  /**
   * SQLite takes what lies beside a database under its name for its journal, plays it back into the
   * database when that is opened, and deletes the file that the journal names as the main one.
   */
  private static List<String> beside(ArchiveManifest manifest) {
    return manifest.entries().stream()
        .map(ArchiveManifest.Entry::name)
        .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(ArchiveManifest.TENANT_DATABASE))
        .filter(name -> !name.equals(ArchiveManifest.TENANT_DATABASE))
        .map(name -> "it has the entry " + name + " beside its database")
        .toList();
  }

  private Verification<TenantProof> look(
      ScratchFile scratch, ArchiveManifest manifest, Progress progress) throws SQLException {
    List<String> problems = new ArrayList<>(foreignObjects(scratch));
    Integrity integrity = Integrity.sound();
    if (problems.isEmpty()) {
      integrity = integrity(scratch);
      problems.addAll(integrity.damage());
      problems.addAll(integrity.failed());
    }
    if (problems.isEmpty()) {
      problems.addAll(differences(scratch, manifest, progress));
    }
    if (!problems.isEmpty()) {
      return new Verification.Damaged<>(
          "The archive's database is not what its manifest says", problems, ADVICE);
    }
    if (!integrity.unchecked().isEmpty()) {
      return new Verification.NotKnown<>(
          new OperationFailed(
              "The archive's database cannot be checked here: "
                  + String.join("; ", integrity.unchecked()),
              "Nothing of it is known to be wrong; register it on the connections that are lent, or"
                  + " by customize(…) on those of the library's own, then verify it again"));
    }
    return new Verification.Verified<>(new TenantProof(manifest.rows(), integrity.findings()));
  }

  /**
   * What generated columns compute is bounded, and what they call is not run at all, unless they
   * are the host's own.
   */
  private Integrity integrity(ScratchFile scratch) throws SQLException {
    Session session = scratch.session();
    try {
      Integrity untrusted =
          bounds.within(
              session,
              scratch.schema(),
              () -> session.untrusting(() -> Integrity.of(session, scratch.schema())));
      boolean whole = untrusted.unchecked().isEmpty() && untrusted.findings().isEmpty();
      if (whole || !isOwn(scratch)) {
        return untrusted;
      }
    } catch (ArchiveNotReadable e) {
      if (!isOwn(scratch)) {
        throw e;
      }
    }
    return Integrity.of(session, scratch.schema());
  }

  private boolean isOwn(ScratchFile scratch) throws SQLException {
    return own.read()
        .containsAll(
            scratch
                .session()
                .texts(
                    Sql.of(
                        """
                        SELECT sql FROM "{schema}".sqlite_schema
                        WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                        """,
                        scratch.schema())));
  }

  private List<String> differences(ScratchFile scratch, ArchiveManifest manifest, Progress progress)
      throws SQLException {
    List<String> problems = new ArrayList<>();
    Map<String, ArchiveManifest.Table> expected = new TreeMap<>();
    manifest.tables().forEach(table -> expected.put(table.name(), table));
    Session session = scratch.session();
    Schema schema =
        bounds.within(
            session, scratch.schema(), () -> SchemaReader.read(session, scratch.schema()));
    bounds.require(
        schema.tables().size(),
        schema.tables().stream().mapToLong(table -> table.columns().size()).sum());
    for (int i = 0; i < schema.tables().size(); i++) {
      progress.report("verify", Progress.Unit.TABLES, i, schema.tables().size());
      Table table = schema.tables().get(i);
      ArchiveManifest.Table said = expected.remove(table.name());
      if (said == null) {
        problems.add("table " + table.name() + " is not in the manifest");
      } else {
        if (!table.definition().equals(said.definition())) {
          problems.add("table " + table.name() + " has another definition");
          continue;
        }
        TableDigests.Digest found = TableDigests.of(session, scratch.schema(), table);
        if (found.rows() != said.rows() || !found.digest().equals(said.digest())) {
          problems.add(
              "table %s has %s rows with the digest %s, not %s with %s"
                  .formatted(
                      table.name(), found.rows(), found.digest(), said.rows(), said.digest()));
        }
      }
    }
    expected.keySet().forEach(name -> problems.add("table " + name + " is missing"));
    return problems;
  }

  /** A view or a trigger could pass for a table; a virtual table could run anything. */
  private List<String> foreignObjects(ScratchFile scratch) throws SQLException {
    Session session = scratch.session();
    String all = Sql.of("FROM \"{schema}\".sqlite_schema", scratch.schema());
    // The first to look at the schema: SQLite reads all of it then.
    bounds.require(
        bounds.within(
            session,
            scratch.schema(),
            () -> session.queryLong("SELECT count(*) " + all + " WHERE type = 'table'")),
        0);
    return session.query(
        "SELECT type || ' ' || name "
            + all
            + """
             WHERE NOT coalesce(
              (type = 'table' AND rootpage > 0 AND upper(substr(sql, 1, 13)) = 'CREATE TABLE ')
                OR (type = 'index' AND sql IS NULL), 0)
            LIMIT 10
            """,
        row -> "it holds the " + row.getString(1));
  }
}
