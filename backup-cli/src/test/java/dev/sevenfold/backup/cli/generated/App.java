package dev.sevenfold.backup.cli.generated;

import dev.sevenfold.backup.cli.generated.Tab.Col;
import dev.sevenfold.backup.cli.generated.Tab.Kind;
import dev.sevenfold.backup.cli.generated.Tab.Means;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The schema of an application, drawn by seed. Not thread-safe. */
final class App {

  /** Who does something, and in which column that is said. */
  private static final List<String> ROLES =
      List.of("creator", "author", "owner", "assignee", "reviewer", "approver", "sender");

  final Random random;
  final Manner manner;
  final List<Tab> tabs = new ArrayList<>();
  final Tab root;
  final Tab users;

  /** Tables of which rows do not tell enough, so that something may be asked about them. */
  final Set<String> doubtful = new HashSet<>();

  /** Tables some of whose rows are nobody's. */
  final Set<String> forgotten = new HashSet<>();

  private final Iterator<Noun> nouns;
  private final Set<String> names = new HashSet<>();

  private App(long seed, int size) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.manner = Manner.drawn(random);
    this.nouns = Noun.shuffled(random, manner.modules()).iterator();
    this.root = tab(Manner.pick(random, ROOTS), Kind.ROOT);
    this.users = tab(Manner.pick(random, PEOPLE), Kind.OWNED);
    people();
    while (tabs.size() < size) {
      more();
    }
    tabs.remove(root);
    tabs.add(0, root);
  }

  private static final Noun[] ROOTS = {
    Noun.of("account", "accounts"),
    Noun.of("team", "teams"),
    Noun.of("company", "companies"),
    Noun.of("organization", "organizations"),
    Noun.of("workspace", "workspaces"),
    Noun.of("tenant", "tenants"),
    Noun.of("club", "clubs"),
    Noun.of("agency", "agencies")
  };

  private static final Noun[] PEOPLE = {
    Noun.of("user", "users"),
    Noun.of("user", "users"),
    Noun.of("member", "members"),
    Noun.of("person", "people"),
    Noun.of("employee", "employees")
  };

  /** An application with about so many tables. */
  static App drawn(long seed, int size) {
    return new App(seed, size);
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoted(List<String> names) {
    return names.stream().map(App::quoted).collect(Collectors.joining(", "));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** A table with a key and a title, by which its rows are told apart. */
  private Tab tab(Noun noun, Kind kind) {
    Tab tab = bare(noun, kind);
    String key = manner.key(noun);
    tab.add(new Col(key, manner.keys().type, Means.KEY));
    tab.primary.add(key);
    tab.counting = manner.keys() == Manner.Keys.COUNTING;
    tab.add(new Col("title", "TEXT", Means.PLAIN));
    return tab;
  }

  private Tab bare(Noun noun, Kind kind) {
    Tab tab = new Tab(noun, manner.table(noun), kind);
    if (!names.add(tab.name.toLowerCase(Locale.ROOT))) {
      throw new IllegalStateException("Two tables are named " + tab.name);
    }
    tabs.add(tab);
    return tab;
  }

  private void people() {
    tenant(users);
    unique(users, "email");
    if (chance(60)) {
      unique(users, "api_token");
    }
    if (chance(40)) {
      refer(users, List.of("manager"), users).always = false;
    }
    if (chance(40)) {
      Col owner = refer(root, List.of("owner"), users);
      owner.declared = false;
    }
    if (chance(40)) {
      unique(root, "slug");
    }
    plains(users);
  }

  private void tenant(Tab tab) {
    refer(tab, root.noun.words(), root).always = chance(70) || tab == users;
  }

  private void unique(Tab tab, String words) {
    String name = manner.columns().of(List.of(words.split("_", -1)));
    tab.add(new Col(name, "TEXT", Means.UNIQUE));
    tab.constraints.add("UNIQUE (" + quoted(name) + ')');
  }

  private void plains(Tab tab) {
    List<String> some = new ArrayList<>(List.of("position", "amount", "notes", "settings", "year"));
    java.util.Collections.shuffle(some, random);
    for (String each : some.subList(0, random.nextInt(4))) {
      String type = each.equals("amount") ? "REAL" : each.equals("notes") ? "TEXT" : "INTEGER";
      tab.add(new Col(each, each.equals("settings") ? "" : type, Means.PLAIN));
    }
  }

  /** A column that points at a table by its name, or by what its rows are to this one. */
  private Col refer(Tab tab, List<String> words, Tab parent) {
    Col col = new Col(manner.column(words, "id"), manner.keys().type, Means.REFERENCE, parent);
    return add(tab, col);
  }

  private Col add(Tab tab, Col col) {
    col.declared = random.nextInt(10) < manner.declared();
    if (!col.declared && chance(20)) {
      col.dangling = true;
    }
    if (!col.declared && manner.keys().areNumbers() && chance(10)) {
      col.nothing = chance(50) ? 0L : -1L;
    }
    return tab.add(col);
  }

  private Col refer(Tab tab, Tab parent) {
    boolean inModule = parent.noun.module().equals(tab.noun.module()) && chance(70);
    return refer(tab, inModule ? parent.noun.words() : parent.noun.qualified(), parent);
  }

  private boolean has(Tab tab, Tab parent) {
    return tab.cols.stream().anyMatch(col -> col.parents.contains(parent));
  }

  private Tab any() {
    List<Tab> keyed =
        tabs.stream().filter(tab -> tab.kind == Kind.OWNED && isPointedAt(tab)).toList();
    // Most of what there is hangs below a few tables.
    int most = chance(40) ? Math.min(keyed.size(), 5) : keyed.size();
    return keyed.get(random.nextInt(most));
  }

  private boolean isPointedAt(Tab tab) {
    return !empty.contains(tab) && tab.cols.stream().anyMatch(col -> col.name.equals("title"));
  }

  private void more() {
    int kind = random.nextInt(100);
    if (kind < 52) {
      entity();
    } else if (kind < 62) {
      join();
    } else if (kind < 71) {
      pair();
    } else if (kind < 77) {
      named();
    } else if (kind < 80) {
      delegated();
    } else if (kind < 85) {
      settings();
    } else if (kind < 91) {
      shared();
    } else if (kind < 95) {
      empty();
    } else {
      known();
    }
  }

  private Tab entity() {
    Tab tab = tab(nouns.next(), Kind.OWNED);
    way(tab);
    for (int i = random.nextInt(3); i > 0; i--) {
      Tab parent = any();
      if (parent != tab && !has(tab, parent)) {
        refer(tab, parent);
      }
    }
    roles(tab);
    if (chance(15)) {
      refer(tab, List.of("parent"), tab);
    }
    List<Tab> shared =
        tabs.stream().filter(each -> each.kind == Kind.SHARED && each.key().isPresent()).toList();
    if (chance(20) && !shared.isEmpty()) {
      refer(tab, shared.get(random.nextInt(shared.size()))).dangling = false;
    }
    if (chance(10)) {
      unique(tab, Manner.pick(random, "slug", "public_token", "code"));
    }
    plains(tab);
    return tab;
  }

  /** What says whose each row is. */
  private void way(Tab tab) {
    if (random.nextInt(10) < manner.tenantColumns()) {
      tenant(tab);
      tab.cols.get(tab.cols.size() - 1).always = true;
    } else {
      Tab parent = any();
      Tab to = parent == tab || has(tab, parent) ? users : parent;
      Col col = refer(tab, to);
      col.always = true;
    }
    Col way = tab.cols.get(tab.cols.size() - 1);
    way.dangling = false;
    way.nothing = null;
  }

  private void roles(Tab tab) {
    if (chance(25) && !has(tab, users)) {
      String role = Manner.pick(random, ROLES.toArray(String[]::new));
      refer(tab, List.of(role), users);
    }
    if (chance(15)) {
      String name = manner.columns().of(List.of(Manner.pick(random, "created", "updated"), "by"));
      add(tab, new Col(name, manner.keys().type, Means.REFERENCE, users));
    }
  }

  private void join() {
    Tab one = any();
    Tab other = any();
    if (one == other) {
      return;
    }
    List<String> words = new ArrayList<>(one.noun.words());
    words.addAll(other.noun.words());
    Noun noun = new Noun(one.noun.module(), words, other.noun.plural());
    if (names.contains(manner.table(noun).toLowerCase(Locale.ROOT))) {
      return;
    }
    Tab tab = bare(noun, Kind.OWNED);
    int form = random.nextInt(3);
    if (form == 0) {
      tab.add(new Col("id", "INTEGER", Means.KEY));
      tab.primary.add("id");
    }
    for (Tab parent : List.of(one, other)) {
      Col col = refer(tab, parent.noun.qualified(), parent);
      col.always = true;
      col.dangling = false;
      col.nothing = null;
      if (form == 1) {
        tab.primary.add(col.name);
      }
    }
    tab.withoutRowid = form == 1 && chance(50);
  }

  private Col pair(Tab tab, String word, List<Tab> targets) {
    tab.add(new Col(manner.column(List.of(word), "type"), "TEXT", Means.TYPE)).always = true;
    boolean text = manner.keys().areNumbers() && manner.idsInTexts();
    Col id =
        tab.add(
            new Col(
                manner.column(List.of(word), "id"),
                text ? "TEXT" : manner.keys().type,
                Means.TYPED,
                targets.toArray(Tab[]::new)));
    id.always = true;
    return id;
  }

  private void pair() {
    Tab tab = tab(nouns.next(), Kind.OWNED);
    List<Tab> targets = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Tab target = any();
      if (target != tab && !targets.contains(target)) {
        targets.add(target);
      }
    }
    if (targets.isEmpty()) {
      targets.add(users);
    }
    if (chance(40)) {
      way(tab);
    }
    pair(tab, Manner.pick(random, "record", "subject", "commentable", "resource", "item"), targets);
    roles(tab);
    plains(tab);
  }

  /** Rows that are a tenant's because an attachment names them. */
  private void named() {
    Tab blobs = tab(nouns.next(), Kind.OWNED);
    plains(blobs);
    Tab by = tab(blobs.noun.with("link", "links"), Kind.OWNED);
    Col col = refer(by, blobs);
    col.always = true;
    col.dangling = false;
    col.nothing = null;
    blobs.namedBy.add(col);
    Tab to = any();
    if (chance(40)) {
      pair(by, "record", List.of(to == blobs || to == by ? users : to));
    } else {
      way(by);
    }
    below(blobs);
  }

  private void below(Tab tab) {
    if (chance(50)) {
      Tab child = tab(tab.noun.with("part", "parts"), Kind.OWNED);
      Col up = refer(child, tab);
      up.always = true;
      up.dangling = false;
      up.nothing = null;
      plains(child);
    }
  }

  private void delegated() {
    List<Tab> halves = new ArrayList<>();
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      Tab half = tab(nouns.next(), Kind.OWNED);
      plains(half);
      halves.add(half);
    }
    Tab entries = tab(nouns.next(), Kind.OWNED);
    way(entries);
    Col id = pair(entries, "entryable", halves);
    halves.forEach(half -> half.namedBy.add(id));
    plains(entries);
    below(halves.get(0));
  }

  /** One row for each of another table, with its key. */
  private void settings() {
    Tab of = any();
    Noun noun = of.noun.with("setting", "settings");
    if (names.contains(manner.table(noun).toLowerCase(Locale.ROOT))) {
      return;
    }
    Tab tab = bare(noun, Kind.OWNED);
    Col col = refer(tab, of.noun.qualified(), of);
    col.always = true;
    col.dangling = false;
    col.nothing = null;
    tab.primary.add(col.name);
    tab.add(new Col("title", "TEXT", Means.PLAIN));
    plains(tab);
  }

  private void shared() {
    Tab tab = tab(nouns.next(), Kind.SHARED);
    plains(tab);
  }

  private void empty() {
    Tab tab = tab(nouns.next(), chance(50) ? Kind.OWNED : Kind.SHARED);
    if (tab.kind == Kind.OWNED) {
      way(tab);
      roles(tab);
    }
    empty.add(tab);
  }

  /** Tables that are declared, and that nobody uses. */
  final Set<Tab> empty = new HashSet<>();

  private void known() {
    String name =
        Manner.pick(random, "solid_queue_jobs", "schema_migrations", "failed_jobs", "sessions");
    if (!names.add(name)) {
      return;
    }
    Tab tab =
        new Tab(Noun.of(name, name), name, name.endsWith("migrations") ? Kind.SHARED : Kind.ASIDE);
    tabs.add(tab);
    tab.add(new Col("id", "INTEGER", Means.KEY));
    tab.primary.add("id");
    tab.add(new Col(name.equals("sessions") ? "payload" : "version", "TEXT", Means.PLAIN));
    if (name.equals("sessions")) {
      refer(tab, users).always = true;
    }
  }
}
