package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.Texts;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** One thing that a model is to say, as the builder, the config and a Java program say it. */
sealed interface Proposal {

  /** The key of the config below {@code tenants}. */
  String section();

  /** What stands there, without the hyphen. */
  String yaml();

  /** The call of the builder, with its dot. */
  String java();

  /** Says it. */
  void addTo(TenantModel.Builder model);

  /** All tables that have this column are owned through it. */
  record Column(String column) implements Proposal {
    @Override
    public String section() {
      return "column";
    }

    @Override
    public String yaml() {
      return Texts.yaml(column);
    }

    @Override
    public String java() {
      return Texts.call("column", column);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.column(column);
    }
  }

  /** A foreign key that nobody declared. */
  record Reference(String table, String column, String parent, String parentColumn)
      implements Proposal {
    @Override
    public String section() {
      return "owned";
    }

    @Override
    public String yaml() {
      return "{table: %s, references: {%s: %s}}"
          .formatted(
              Texts.yaml(table), Texts.yaml(column), Texts.yaml(parent + '.' + parentColumn));
    }

    @Override
    public String java() {
      return Texts.call("reference", table, column, parent, parentColumn);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.reference(table, column, parent, parentColumn);
    }
  }

  /**
   * A pair of a type and an id.
   *
   * @param down whether the rows that are named by it are owned by those that name them
   */
  record Pair(String table, String type, String id, Map<String, String> targets, boolean down)
      implements Proposal {
    public Pair {
      targets = new TreeMap<>(targets);
    }

    private String word() {
      return down ? "delegated" : "polymorphic";
    }

    @Override
    public String section() {
      return "owned";
    }

    @Override
    public String yaml() {
      return "{table: %s, %s: {type: %s, id: %s, targets: {%s}}}"
          .formatted(
              Texts.yaml(table), word(), Texts.yaml(type), Texts.yaml(id), Texts.yaml(targets));
    }

    @Override
    public String java() {
      return ".%s(%s, %s, %s, %s)"
          .formatted(
              word(), Texts.java(table), Texts.java(type), Texts.java(id), Texts.java(targets));
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      if (down) {
        model.delegated(table, type, id, targets);
      } else {
        model.polymorphic(table, type, id, targets);
      }
    }
  }

  /** Rows that are owned because owned rows point at them. */
  record ReferencedBy(String table, String child, String column) implements Proposal {
    @Override
    public String section() {
      return "owned";
    }

    @Override
    public String yaml() {
      return "{table: %s, referenced_by: %s}"
          .formatted(Texts.yaml(table), Texts.yaml(child + '.' + column));
    }

    @Override
    public String java() {
      return Texts.call("referencedBy", table, child, column);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.referencedBy(table, child, column);
    }
  }

  /** Which of several ways decides. */
  record Through(String table, String column) implements Proposal {
    @Override
    public String section() {
      return "owned";
    }

    @Override
    public String yaml() {
      return "{table: %s, through: %s}".formatted(Texts.yaml(table), Texts.yaml(column));
    }

    @Override
    public String java() {
      return Texts.call("ownedThrough", table, column);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.ownedThrough(table, column);
    }
  }

  /** A table of no tenant, or several of them. */
  record SetAside(String names, boolean isShared) implements Proposal {
    @Override
    public String section() {
      return isShared ? "shared" : "ignored";
    }

    @Override
    public String yaml() {
      return Texts.yaml(names);
    }

    @Override
    public String java() {
      return Texts.call(section(), names);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      if (isShared) {
        model.shared(names);
      } else {
        model.ignored(names);
      }
    }
  }

  /** Each row names a file. */
  record Files(Path root, String table, String path) implements Proposal {
    @Override
    public String section() {
      return "files";
    }

    @Override
    public String yaml() {
      return "{root: %s, table: %s, path: %s}"
          .formatted(Texts.yaml(root.toString()), Texts.yaml(table), Texts.yaml(path));
    }

    @Override
    public String java() {
      return ".files(Path.of(%s), %s, %s)"
          .formatted(Texts.java(root.toString()), Texts.java(table), Texts.java(path));
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.files(root, table, path);
    }
  }

  /** What becomes of a value that somebody else has. */
  record Taken(String table, String column, Way way) implements Proposal {

    /** In which way another value is made. */
    enum Way {
      TAG("tag: copy", "Replacement.addressTagged(\"copy\")"),
      SUFFIX("suffix: -copy", "Replacement.suffixed(\"-copy\")"),
      RANDOM("becomes: random", "Replacement.random()"),
      CLEARED("becomes: null", "Replacement.cleared()");

      private final String yaml;
      private final String java;

      Way(String yaml, String java) {
        this.yaml = yaml;
        this.java = java;
      }
    }

    @Override
    public String section() {
      return "restore.taken";
    }

    @Override
    public String yaml() {
      return "{column: %s, %s}".formatted(Texts.yaml(table + '.' + column), way.yaml);
    }

    @Override
    public String java() {
      return ".replaceTaken(%s, %s, %s)".formatted(Texts.java(table), Texts.java(column), way.java);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.replaceTaken(
          table,
          column,
          switch (way) {
            case TAG -> Replacement.addressTagged("copy");
            case SUFFIX -> Replacement.suffixed("-copy");
            case RANDOM -> Replacement.random();
            case CLEARED -> Replacement.cleared();
          });
    }
  }

  /** Rows of an ignored table go with the rows that they point at. */
  record DeletedIgnored(String table) implements Proposal {
    @Override
    public String section() {
      return "restore.ignored";
    }

    @Override
    public String yaml() {
      return Texts.yaml(table) + ": delete";
    }

    @Override
    public String java() {
      return Texts.call("deleteIgnored", table);
    }

    @Override
    public void addTo(TenantModel.Builder model) {
      model.deleteIgnored(table);
    }
  }
}
