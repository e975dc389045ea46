package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which table belongs to whom, as the host declares it. What the schema shows by itself, a tenant
 * column or a foreign key to an owned table, need not be declared. {@code TenantSource.suggest}
 * proposes the rest from the rows. Immutable.
 *
 * <p>Every table ends up as exactly one of: the root, owned, shared, ignored. A table that nobody
 * claims stops every backup: nothing is left out in silence.
 *
 * <pre>{@code
 * TenantModel model =
 *     TenantModel.rootedAt("tenants")
 *         .column("tenant_id")
 *         .ownedByColumn("tasks", "owner_ref")
 *         .polymorphic("taggings", "taggable_type", "taggable_id", Map.of("User", "users"))
 *         .referencedBy("blobs", "attachments", "blob_id")
 *         .shared("countries", "schema_migrations")
 *         .ignored("solid_queue_*", "sessions")
 *         .files(Path.of("storage"), "blobs", "{key[0..2]}/{key}")
 *         .build();
 * }</pre>
 */
public final class TenantModel {

  /**
   * A foreign key that the schema does not declare.
   *
   * @param table the child
   * @param column its column
   * @param parent the table it points at
   * @param parentColumn the column there
   */
  record Reference(String table, String column, String parent, String parentColumn) {}

  /**
   * A column pair that points at several tables.
   *
   * @param targets from a type to the table it stands for
   */
  record Polymorphic(
      String table, String typeColumn, String idColumn, Map<String, String> targets) {}

  /** Rows that are owned because an owned row points at them. */
  record ReferencedBy(String table, String child, String childColumn) {}

  /** A pair of a table and one of its columns. */
  record TableColumn(String table, String column) {}

  /** Rows of a table that are everybody's. */
  record Shared(String table, SharedRows rows) {}

  final String root;
  final Optional<String> key;
  final Optional<String> column;
  final List<TableColumn> keyColumns;
  final List<TableColumn> through;
  final List<Reference> references;
  final List<Polymorphic> polymorphic;
  final List<Polymorphic> delegated;
  final List<ReferencedBy> referencedBy;
  final Predicate<String> shared;
  final Predicate<String> ignored;
  final List<String> nobodys;
  final List<Shared> sharedRows;
  private final List<String> sharedNames;
  private final List<String> ignoredNames;
  final List<TableColumn> notReferences;
  final List<FileSet> files;
  final List<TableColumn> display;
  final RestoreRules rules;

  private TenantModel(Builder builder) {
    root = builder.root;
    key = builder.key;
    column = builder.column;
    keyColumns = List.copyOf(builder.keyColumns);
    through = List.copyOf(builder.through);
    references = List.copyOf(builder.references);
    polymorphic = List.copyOf(builder.polymorphic);
    delegated = List.copyOf(builder.delegated);
    referencedBy = List.copyOf(builder.referencedBy);
    shared = named(builder.shared);
    ignored = named(builder.ignored);
    sharedNames = List.copyOf(builder.shared);
    ignoredNames = List.copyOf(builder.ignored);
    nobodys = List.copyOf(builder.nobodys);
    sharedRows = List.copyOf(builder.sharedRows);
    notReferences = List.copyOf(builder.notReferences);
    files = List.copyOf(builder.files);
    display = List.copyOf(builder.display);
    rules = builder.rules.rules();
  }

  /** Whether a table has one of these names, with {@code *} and {@code ?} in them, in any case. */
  static Predicate<String> named(List<String> globs) {
    int inAnyCase = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL;
    return globs.stream()
        .map(glob -> Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"))
        .map(regex -> Pattern.compile(regex, inAnyCase).asMatchPredicate())
        .reduce(name -> false, Predicate::or);
  }

  /** Whether what {@link #named} takes may stand for several tables. */
  static boolean isPattern(String glob) {
    return glob.indexOf('*') >= 0 || glob.indexOf('?') >= 0;
  }

  /** The same model, with its files below other roots: those of a copy of the system. */
  public TenantModel withFileRoots(UnaryOperator<Path> moved) {
    Builder copy = toBuilder();
    copy.files.replaceAll(
        set -> new FileSet(moved.apply(set.root()), set.table(), set.path(), set.shared()));
    return copy.build();
  }

  /** A builder that has all of this model, to say more in. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Whether nothing is said of any table but the root. */
  public boolean isBare() {
    return sharedNames.isEmpty()
        && ignoredNames.isEmpty()
        && nobodys.isEmpty()
        && sharedRows.isEmpty()
        && keyColumns.isEmpty()
        && references.isEmpty()
        && polymorphic.isEmpty()
        && delegated.isEmpty()
        && referencedBy.isEmpty();
  }

  /** Starts a model at the table with one row for each tenant. */
  public static Builder rootedAt(String table) {
    return new Builder(table);
  }

  /**
   * Assigns every table of a schema to its owner.
   *
   * @throws InvalidTenantModel if the model names a table or column that the schema does not have
   * @throws BackupRefused if a table is claimed by nobody; each one is named with its likely
   *     classification
   */
  public Ownership resolve(DatabaseSchema schema) {
    return new OwnershipResolver(this, schema).resolve();
  }

  /**
   * As {@link #resolve}, where tables may be left that nobody claims: they are in no list of the
   * result.
   */
  public Ownership resolveClaimed(DatabaseSchema schema) {
    return new OwnershipResolver(this, schema).resolveClaimed();
  }

  /** The table with one row for each tenant. */
  public String root() {
    return root;
  }

  /** The root's column that identifies a tenant, where it is said. */
  public Optional<String> keyColumn() {
    return key;
  }

  /** The column through which all tables that have it are owned. */
  public Optional<String> tenantColumn() {
    return column;
  }

  /** Whether rows of a table may be nobody's. */
  public boolean allowsNobodys(String table) {
    return named(nobodys).test(table);
  }

  /** The file sets of the model. */
  public List<FileSet> files() {
    return files;
  }

  /** Collects a model. Use from one thread. */
  public static final class Builder {

    private final String root;
    private Optional<String> key = Optional.empty();
    private Optional<String> column = Optional.empty();
    private final List<TableColumn> keyColumns = new ArrayList<>();
    private final List<TableColumn> through = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final List<Polymorphic> polymorphic = new ArrayList<>();
    private final List<Polymorphic> delegated = new ArrayList<>();
    private final List<ReferencedBy> referencedBy = new ArrayList<>();
    private final List<String> shared = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final List<String> nobodys = new ArrayList<>();
    private final List<Shared> sharedRows = new ArrayList<>();
    private final List<TableColumn> notReferences = new ArrayList<>();
    private final List<FileSet> files = new ArrayList<>();
    private final List<TableColumn> display = new ArrayList<>();
    private final RestoreRules.Collected rules = new RestoreRules.Collected();

    private Builder(String root) {
      this.root = Objects.requireNonNull(root, "root");
    }

    private Builder(TenantModel model) {
      this(model.root);
      key = model.key;
      column = model.column;
      keyColumns.addAll(model.keyColumns);
      through.addAll(model.through);
      references.addAll(model.references);
      polymorphic.addAll(model.polymorphic);
      delegated.addAll(model.delegated);
      referencedBy.addAll(model.referencedBy);
      shared.addAll(model.sharedNames);
      ignored.addAll(model.ignoredNames);
      nobodys.addAll(model.nobodys);
      sharedRows.addAll(model.sharedRows);
      notReferences.addAll(model.notReferences);
      files.addAll(model.files);
      display.addAll(model.display);
      rules.addAll(model.rules);
    }

    /** The root's column that identifies a tenant. Default: its primary key. */
    public Builder key(String column) {
      this.key = Optional.of(column);
      return this;
    }

    /** Tables that have this column are owned through it. Default: there is no such column. */
    public Builder column(String name) {
      this.column = Optional.of(name);
      return this;
    }

    /** {@code table} holds the tenant's key in a column of another name. */
    public Builder ownedByColumn(String table, String column) {
      keyColumns.add(new TableColumn(table, column));
      return this;
    }

    /**
     * {@code table.column} is a foreign key that the schema does not declare. Followed like one.
     */
    public Builder reference(String table, String column, String parent, String parentColumn) {
      references.add(new Reference(table, column, parent, parentColumn));
      return this;
    }

    /**
     * Where several foreign keys of {@code table} lead to owners, the one that starts at {@code
     * column} alone says whose a row is, and not the {@link #column} of the tenants either: there
     * it means something else, the account that invited somebody. A column that is declared by
     * {@link #ownedByColumn} still decides where it is not null.
     */
    public Builder ownedThrough(String table, String column) {
      through.add(new TableColumn(table, column));
      return this;
    }

    /** {@code idColumn} points at the table that {@code typeColumn} stands for. */
    public Builder polymorphic(
        String table, String typeColumn, String idColumn, Map<String, String> targets) {
      polymorphic.add(new Polymorphic(table, typeColumn, idColumn, Map.copyOf(targets)));
      return this;
    }

    /**
     * Each row of {@code table} has one half elsewhere: {@code idColumn} points at it in the table
     * that {@code typeColumn} stands for, and it is the tenant's that the row of {@code table} is.
     * The other direction of {@link #polymorphic}, as with Rails' delegated types.
     */
    public Builder delegated(
        String table, String typeColumn, String idColumn, Map<String, String> targets) {
      delegated.add(new Polymorphic(table, typeColumn, idColumn, Map.copyOf(targets)));
      return this;
    }

    /** Rows of {@code table} are a tenant's because rows of {@code child} point at their key. */
    public Builder referencedBy(String table, String child, String childColumn) {
      referencedBy.add(new ReferencedBy(table, child, childColumn));
      return this;
    }

    /**
     * Tables that belong to all tenants: never written by a restore. {@code *} stands for any text.
     */
    public Builder shared(String... tables) {
      shared.addAll(List.of(tables));
      return this;
    }

    /**
     * Rows of the owned {@code table} that have one of these values in {@code column} are
     * everybody's: labels of no account in particular. What leads to nothing but them is as well.
     * May be called for several columns, of which one is enough.
     *
     * @param values whole numbers or texts, compared as SQLite compares them with the column
     */
    public Builder sharedRows(String table, String column, Object... values) {
      sharedRows.add(new Shared(table, SharedRows.of(table, column, values)));
      return this;
    }

    /** Tables that are left out on purpose. {@code *} stands for any text. */
    public Builder ignored(String... tables) {
      ignored.addAll(List.of(tables));
      return this;
    }

    /**
     * Columns whose values look like ids of another table, and are none. Without it, a column that
     * proves to be a reference by the rows of all tenants, and that the model does not have, is in
     * the way of a copy with new ids. May be called for several tables.
     */
    public Builder notReferences(String table, String... columns) {
      for (String column : columns) {
        notReferences.add(new TableColumn(table, column));
      }
      return this;
    }

    /**
     * Owned tables in which rows may be nobody's: known, and in no archive. Without it such rows
     * are a fault that a check of the ownership tells of. May be called for several; {@code *}
     * stands for any text and {@code ?} for any character. Any other name must be an owned table's.
     */
    public Builder allowNobodys(String... tables) {
      nobodys.addAll(List.of(tables));
      return this;
    }

    /**
     * People know a row of the owned {@code table} by its {@code column}: what previews name it by,
     * beside its key. Default: the first column that holds texts and is neither of the key nor a
     * reference.
     */
    public Builder display(String table, String column) {
      display.add(new TableColumn(table, column));
      return this;
    }

    /**
     * Each row of {@code table} names a file below {@code root}.
     *
     * @param path the file's path, see {@link FilePath}
     */
    public Builder files(Path root, String table, String path) {
      files.add(new FileSet(root, table, FilePath.parse(path), false));
      return this;
    }

    /**
     * As {@link #files}, where rows of several tenants may name one file, and the application
     * deletes it only with the last of them: files that are named by a digest of their content. A
     * restore into another tenant shares them; one of other files is refused where it would.
     */
    public Builder sharedFiles(Path root, String table, String path) {
      files.add(new FileSet(root, table, FilePath.parse(path), true));
      return this;
    }

    /** Rows of {@code table} are not brought back by a restore, and those that are there go. */
    public Builder emptyOnRestore(String table) {
      rules.emptied.add(Objects.requireNonNull(table, "table"));
      return this;
    }

    /**
     * Every restored row of {@code table} has this value in {@code column}: the id of a job that is
     * long gone, for instance, is set to null.
     */
    public Builder resetOnRestore(String table, String column, @Nullable Object value) {
      rules.resets.add(new RestoreRules.Reset(table, column, value));
      return this;
    }

    /**
     * Rows of {@code table} whose {@code column} is found in a ledger are removed again by every
     * restore: people who asked to be forgotten stay forgotten. Rows that hang below them go too.
     *
     * @param ledger a shared or ignored table
     */
    public Builder eraseOnRestore(String ledger, String ledgerColumn, String table, String column) {
      rules.erasures.add(new RestoreRules.Erasure(ledger, ledgerColumn, table, column));
      return this;
    }

    /** {@code table.column} holds ids in a form of its own; they are rewritten when ids change. */
    public Builder rewriteIds(String table, String column, IdRewriter rewriter) {
      rules.rewriters.add(new RestoreRules.ColumnRule<>(table, column, rewriter));
      return this;
    }

    /**
     * {@code table.column} names a file, and gets a new value from {@code newKey} when rows are
     * restored into another tenant, so that both have a file of their own.
     */
    public Builder newFileKeys(String table, String column, Supplier<String> newKey) {
      rules.fileKeys.add(new RestoreRules.ColumnRule<>(table, column, newKey));
      return this;
    }

    /**
     * {@code table.column} must be unique over all tenants, and gets another value where a restore
     * gives new ids and the archived one belongs to another row by now: a mail address in a copy of
     * a tenant, for instance. Without such a rule, the restore is refused with the list of them.
     *
     * <p>Where the column is an id itself, every new id is made by {@code replacement}.
     */
    public Builder replaceTaken(String table, String column, Replacement replacement) {
      rules.replacements.add(new RestoreRules.ColumnRule<>(table, column, replacement));
      return this;
    }

    /**
     * Rows of an ignored table that point at rows which a restore takes away are deleted with them,
     * whatever action the schema declares: the session of a user who came after the backup. No
     * archive has them, so that an undo does not bring them back; a preview counts them. Without
     * this, a reference without an action is in a restore's way.
     *
     * @param table an ignored table; {@code *} stands for any text
     */
    public Builder deleteIgnored(String table) {
      rules.deletedIgnored.add(Objects.requireNonNull(table, "table"));
      return this;
    }

    /**
     * The application keeps {@code what} of rows by its own callbacks, where no restore writes: a
     * counter in a shared table, a search index. A restore that changes one of these tables names
     * it in its report, to be made anew.
     *
     * @param tables owned tables
     */
    public Builder rebuildAfterRestore(String what, String... tables) {
      rules.rebuilds.add(new RestoreRules.Rebuild(what, List.of(tables)));
      return this;
    }

    /** The finished model. Whether it fits a schema is checked when it meets one. */
    public TenantModel build() {
      return new TenantModel(this);
    }
  }
}
