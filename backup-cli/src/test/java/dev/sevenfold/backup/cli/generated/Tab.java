package dev.sevenfold.backup.cli.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table with its rows, and whose they are. Not thread-safe. */
final class Tab {

  enum Kind {
    ROOT,
    OWNED,
    SHARED,
    /** Of a tenant or not, no backup has it: queues, sessions. */
    ASIDE
  }

  enum Means {
    KEY,
    /** The key of a row of another table, or of this one. */
    REFERENCE,
    /** Says which table an id is of. */
    TYPE,
    /** The key of a row of the table that the type says. */
    TYPED,
    /** Unique over all tenants. */
    UNIQUE,
    PLAIN
  }

  /** A column. */
  static final class Col {
    final String name;
    final String type;
    final Means means;
    final List<Tab> parents;
    boolean always;
    boolean declared;

    /** Whether a row may have a value that leads nowhere. */
    boolean dangling;

    /** What stands for nothing. */
    @Nullable Object nothing;

    Col(String name, String type, Means means, Tab... parents) {
      this.name = name;
      this.type = type;
      this.means = means;
      this.parents = List.of(parents);
    }

    boolean leads() {
      return means == Means.REFERENCE || means == Means.TYPED;
    }

    Tab parent() {
      return parents.get(0);
    }
  }

  /** A row: of a tenant, by its number, or of nobody. */
  static final class Row {
    static final int NOBODY = -1;

    final Tab tab;
    final int owner;
    final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** The rows that its columns lead to. */
    final Map<Col, Row> leads = new LinkedHashMap<>();

    Row(Tab tab, int owner) {
      this.tab = tab;
      this.owner = owner;
    }

    @Nullable Object key() {
      return values.get(tab.key().orElseThrow().name);
    }
  }

  final Noun noun;
  final String name;
  final Kind kind;
  final List<Col> cols = new ArrayList<>();
  final List<Row> rows = new ArrayList<>();

  /** Columns of the primary key, where it is not one column of its own. */
  final List<String> primary = new ArrayList<>();

  /** Constraints beside those of columns. */
  final List<String> constraints = new ArrayList<>();

  boolean withoutRowid;
  boolean counting;

  /** Whose rows are a tenant's for no other reason than that these columns name them. */
  final List<Col> namedBy = new ArrayList<>();

  Tab(Noun noun, String name, Kind kind) {
    this.noun = noun;
    this.name = name;
    this.kind = kind;
  }

  Col add(Col col) {
    cols.add(col);
    return col;
  }

  Optional<Col> key() {
    return cols.stream().filter(col -> primary.equals(List.of(col.name))).findFirst();
  }

  boolean isOwned() {
    return kind == Kind.OWNED || kind == Kind.ROOT;
  }

  List<Row> of(int owner) {
    return rows.stream().filter(row -> row.owner == owner).toList();
  }

  String create() {
    List<String> parts = new ArrayList<>();
    for (Col col : cols) {
      boolean key = primary.equals(List.of(col.name));
      String definition = App.quoted(col.name) + ' ' + col.type;
      if (key && col.type.startsWith("INTEGER")) {
        definition += " PRIMARY KEY" + (counting ? " AUTOINCREMENT" : "");
      } else if (key) {
        definition += " PRIMARY KEY NOT NULL";
      } else if (col.always) {
        definition += " NOT NULL";
      }
      if (col.declared) {
        Tab parent = col.parent();
        definition +=
            " REFERENCES "
                + App.quoted(parent.name)
                + " ("
                + App.quoted(parent.key().orElseThrow().name)
                + ')';
      }
      parts.add(definition);
    }
    if (primary.size() > 1) {
      parts.add("PRIMARY KEY (" + App.quoted(primary) + ')');
    }
    parts.addAll(constraints);
    return "CREATE TABLE %s (%s)%s"
        .formatted(
            App.quoted(name), String.join(", ", parts), withoutRowid ? " WITHOUT ROWID" : "");
  }
}
