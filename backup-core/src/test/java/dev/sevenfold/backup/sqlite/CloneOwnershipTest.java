package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clone of a tenant whose rows are owned in every way that there is. */
class CloneOwnershipTest {

  /** What rows say of each other, told without ids; the tenant's key is put in. */
  private static final Map<String, String> FACTS = new TreeMap<>();

  static {
    FACTS.put(
        "owned by another column, of another type",
        "SELECT title || typeof(owner_ref) FROM tasks WHERE owner_ref = '$' ORDER BY 1");
    FACTS.put(
        "polymorphic, to the root too",
        "SELECT g.type || g.tag || coalesce(u.name, p.name, '') FROM taggings g LEFT JOIN users u ON"
            + " g.type = 'User' AND u.id = g.target LEFT JOIN projects p ON g.type = 'Project' AND"
            + " p.id = g.target WHERE u.tenant_id = $ OR p.tenant_id = $ OR (g.type = 'Tenant' AND"
            + " g.target = $) ORDER BY 1");
    FACTS.put(
        "a reference to the root that nobody declared",
        "SELECT seats FROM plans WHERE for_tenant = $");
    FACTS.put(
        "the tenant's key in a primary key",
        "SELECT name || value FROM settings WHERE tenant_id = $ ORDER BY 1");
    FACTS.put(
        "no tenant's key, but a user's",
        "SELECT c.body || coalesce(c.tenant_id = $, '-') || u.name || coalesce(r.body, '') FROM"
            + " comments c JOIN users u ON u.id = c.user_id LEFT JOIN comments r ON r.id ="
            + " c.reply_to WHERE u.tenant_id = $ ORDER BY 1");
    FACTS.put(
        "two parents, and no id of its own",
        "SELECT u.name || p.name || m.role FROM members m JOIN users u ON u.id = m.user_id JOIN"
            + " projects p ON p.id = m.project_id WHERE u.tenant_id = $ AND p.tenant_id = $"
            + " ORDER BY 1");
    FACTS.put(
        "through one reference, while another leads to a third tenant",
        "SELECT u.name || r.by_user FROM referrals r JOIN users u ON u.id = r.user_id WHERE"
            + " u.tenant_id = $ ORDER BY 1");
    FACTS.put(
        "owned by what it belongs to, two tables up",
        "SELECT s.hours || u.name FROM sheets s JOIN entries e ON e.id = s.entry_id JOIN users u ON"
            + " u.id = e.user_id WHERE u.tenant_id = $ ORDER BY 1");
    FACTS.put(
        "ids of bytes, and of texts that mean something",
        "SELECT d.name || w.wheel || length(d.id) FROM devices d JOIN wheels w ON w.device_id = d.id"
            + " WHERE d.tenant_id = $ ORDER BY 1");
    FACTS.put(
        "labels",
        "SELECT l.color || n.text FROM labels l JOIN label_notes n ON l.name = n.label WHERE"
            + " l.tenant_id = $ ORDER BY 1");
    FACTS.put(
        "ids in JSON",
        "SELECT count(*) FROM boards b WHERE tenant_id = $ AND layout = '{\"tenant\": ' || $ ||"
            + " ', \"users\": [' || (SELECT group_concat(id, ', ' ORDER BY id) FROM users WHERE"
            + " tenant_id = $) || ']}'");
    FACTS.put(
        "a key of several columns, none of which is a reference",
        "SELECT title || coalesce(page, '') FROM volumes v LEFT JOIN pages p ON p.year = v.year AND"
            + " p.number = v.number WHERE tenant_id = $ ORDER BY 1");
    FACTS.put(
        "rows that are owned because others point at them",
        "SELECT b.size FROM attachments a JOIN blobs b ON b.id = a.blob_id JOIN users u ON u.id ="
            + " a.user_id WHERE u.tenant_id = $ ORDER BY 1");
    FACTS.put("counted", "SELECT count(*) || '/' || max(posts) FROM users WHERE tenant_id = $");
  }

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, boss_id"
                    + " INTEGER REFERENCES users)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER NOT"
                    + " NULL REFERENCES tenants, name TEXT, email TEXT UNIQUE, posts INTEGER"
                    + " DEFAULT 0, shout AS (upper(name)))",
                "CREATE TABLE projects (id TEXT PRIMARY KEY, tenant_id INTEGER NOT NULL, name)",
                "CREATE TABLE tasks (id INTEGER PRIMARY KEY, owner_ref TEXT NOT NULL, title)",
                "CREATE TABLE taggings (type TEXT, target, tag, PRIMARY KEY (type, target, tag))"
                    + " WITHOUT ROWID",
                "CREATE TABLE plans (id INTEGER PRIMARY KEY, for_tenant INTEGER, seats)",
                "CREATE TABLE settings (tenant_id INTEGER, name TEXT, value, PRIMARY KEY (tenant_id,"
                    + " name)) WITHOUT ROWID",
                "CREATE TABLE comments (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER"
                    + " REFERENCES users, reply_to INTEGER REFERENCES comments, body)",
                "CREATE TABLE members (user_id INTEGER REFERENCES users, project_id TEXT REFERENCES"
                    + " projects, role, PRIMARY KEY (user_id, project_id))",
                "CREATE TABLE referrals (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users,"
                    + " by_user INTEGER REFERENCES users)",
                "CREATE TABLE entries (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES"
                    + " users)",
                "CREATE TABLE sheets (entry_id INTEGER NOT NULL UNIQUE REFERENCES entries, hours)",
                "CREATE TABLE devices (id BLOB PRIMARY KEY, tenant_id INTEGER, name)",
                "CREATE TABLE wheels (id INTEGER PRIMARY KEY, device_id BLOB REFERENCES devices,"
                    + " wheel)",
                "CREATE TABLE labels (name TEXT PRIMARY KEY COLLATE NOCASE, tenant_id INTEGER,"
                    + " color)",
                "CREATE TABLE label_notes (id INTEGER PRIMARY KEY, label TEXT REFERENCES labels,"
                    + " text)",
                "CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INTEGER, layout TEXT)",
                "CREATE TABLE volumes (year INTEGER, number INTEGER, tenant_id INTEGER, title,"
                    + " PRIMARY KEY (year, number))",
                "CREATE TABLE pages (id INTEGER PRIMARY KEY, year INTEGER, number INTEGER, page,"
                    + " FOREIGN KEY (year, number) REFERENCES volumes (year, number))",
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, size)",
                "CREATE TABLE attachments (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL"
                    + " REFERENCES users, blob_id INTEGER NOT NULL REFERENCES blobs)",
                "CREATE TRIGGER count_comments AFTER INSERT ON comments BEGIN UPDATE users SET posts"
                    + " = posts + 1 WHERE id = new.user_id; END",
                "CREATE VIEW everybody AS SELECT name FROM users")
            .owned(model());
    Files.createDirectories(folder.resolve("storage"));
    // The user of tenant 3 that others were referred by comes first.
    for (int tenant : List.of(3, 1)) {
      fill(tenant);
    }
  }

  private TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .ownedByColumn("tasks", "owner_ref")
        .polymorphic(
            "taggings",
            "type",
            "target",
            Map.of("User", "users", "Project", "projects", "Tenant", "tenants"))
        .reference("plans", "for_tenant", "tenants", "id")
        .ownedThrough("referrals", "user_id")
        .referencedBy("blobs", "attachments", "blob_id")
        .files(folder.resolve("storage"), "blobs", "{key[0..2]}/{key}")
        .newFileKeys("blobs", "key", () -> UUID.randomUUID().toString())
        .rewriteIds(
            "boards", "layout", IdRewriter.json(Map.of("users", "users", "tenant", "tenants")))
        .replaceTaken("users", "email", Replacement.addressTagged("copy"))
        .replaceTaken("tenants", "slug", Replacement.suffixed("-copy"));
  }

  private void fill(int t) throws IOException {
    int u = t * 10;
    String project = UUID.randomUUID().toString();
    String device = "x'%032x'".formatted(t * 1000L);
    String key = UUID.randomUUID().toString();
    lab.execute(
        "INSERT INTO tenants VALUES (%d, 'slug%d', NULL)".formatted(t, t),
        "INSERT INTO users (id, tenant_id, name, email) VALUES (%1$d, %2$d, 'a', 'a%2$d@x'),"
                .formatted(u, t)
            + " (%1$d, %2$d, 'b', 'b%2$d@x')".formatted(u + 1, t),
        "UPDATE tenants SET boss_id = %d WHERE id = %d".formatted(u + 1, t),
        "INSERT INTO projects VALUES ('%s', %d, 'p')".formatted(project, t),
        "INSERT INTO tasks (owner_ref, title) VALUES ('%1$d', 't1'), ('%1$d', 't2')".formatted(t),
        "INSERT INTO taggings VALUES ('User', %d, 'x'), ('Tenant', %d, 'y'), ('Project', '%s', 'z')"
            .formatted(u, t, project),
        "INSERT INTO plans (for_tenant, seats) VALUES (%d, 5)".formatted(t),
        "INSERT INTO settings VALUES (%1$d, 'theme', 'dark'), (%1$d, 'lang', 'da')".formatted(t),
        "INSERT INTO comments VALUES (%1$d, %2$d, %1$d, NULL, 'c1')".formatted(u, t),
        "INSERT INTO comments VALUES (%1$d, NULL, %1$d, %2$d, 'c2')".formatted(u + 1, u),
        "INSERT INTO members VALUES (%d, '%s', 'lead')".formatted(u, project),
        "INSERT INTO referrals VALUES (%1$d, %1$d, %2$s)".formatted(u, t == 3 ? "NULL" : "31"),
        "INSERT INTO entries VALUES (%1$d, %1$d)".formatted(u),
        "INSERT INTO sheets VALUES (%d, 7.5)".formatted(u),
        "INSERT INTO devices VALUES (%s, %d, 'd')".formatted(device, t),
        "INSERT INTO wheels (device_id, wheel) VALUES (%s, 'w')".formatted(device),
        "INSERT INTO labels VALUES ('Red%d', %d, 'red')".formatted(t, t),
        "INSERT INTO label_notes (label, text) VALUES ('red%d', 'n')".formatted(t),
        "INSERT INTO boards (tenant_id, layout) VALUES (%1$d, '{\"tenant\": %1$d, \"users\": [%2$d, %3$d]}')"
            .formatted(t, u, u + 1),
        "INSERT INTO volumes VALUES (2020, %1$d, %1$d, 'v1'), (2021, %1$d, %1$d, 'v2')"
            .formatted(t),
        "INSERT INTO pages (year, number, page) VALUES (2021, %d, 'page')".formatted(t),
        "INSERT INTO blobs VALUES (%d, '%s', 9)".formatted(u, key),
        "INSERT INTO attachments VALUES (%1$d, %1$d, %1$d)".formatted(u));
    Path file = folder.resolve("storage").resolve(key.substring(0, 2)).resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "file of " + t);
  }

  private Map<String, String> facts(int tenant) {
    Map<String, String> facts = new TreeMap<>();
    FACTS.forEach(
        (name, sql) -> facts.put(name, lab.query(sql.replace("$", Integer.toString(tenant)))));
    return facts;
  }

  private Map<Path, String> files() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder.resolve("storage"))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readString(file));
      }
    }
    return files;
  }

  /** All that was there is there, by value and type; what is more is the clone's. */
  private void assertOthersAreUntouched(Map<String, List<String>> before, Map<Path, String> files)
      throws IOException {
    Map<String, List<String>> now = lab.dump();
    before.forEach((table, rows) -> assertThat(now.get(table)).as(table).containsAll(rows));
    assertThat(now.get("(schema)")).isEqualTo(before.get("(schema)"));
    assertThat(files()).containsAllEntriesOf(files);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void into_a_new_tenant() throws IOException {
    Map<String, List<String>> before = lab.dump();
    Map<Path, String> files = files();
    Map<String, String> facts = facts(1);
    assertThat(facts).doesNotContainValue("");
    Label label = lab.backup(1);

    lab.restore(7, label, Lab.NEW_IDS);

    assertThat(facts(7)).isEqualTo(facts);
    assertThat(facts(1)).isEqualTo(facts);
    assertOthersAreUntouched(before, files);
    assertThat(lab.query("SELECT slug FROM tenants ORDER BY id"))
        .isEqualTo("slug1,slug3,slug1-copy");
    assertThat(
            lab.query(
                "SELECT u.name || u.email FROM tenants t JOIN users u ON u.id = t.boss_id AND"
                    + " u.tenant_id = t.id ORDER BY t.id"))
        .isEqualTo("bb1@x,bb3@x,bb1+copy@x");
    assertThat(lab.query("SELECT name FROM labels ORDER BY 1")).isEqualTo("Red1,Red1-2,Red3");
    assertThat(files()).hasSize(3).containsValue("file of 1");
    for (List<String> rows : lab.dump().values()) {
      assertThat(rows).doesNotHaveDuplicates();
    }

    lab.undo(7);
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(files()).isEqualTo(files);
    lab.undo(7);
    assertThat(facts(7)).isEqualTo(facts);
  }

  @Test
  void into_a_tenant_that_is_there_twice_and_back() throws IOException {
    fill(5);
    Map<String, List<String>> before = lab.dump();
    Map<Path, String> filesBefore = files();
    Label label = lab.backup(1);
    Map<String, String> facts = facts(1);

    lab.restore(5, label, Lab.NEW_IDS);
    assertThat(facts(5)).isEqualTo(facts);
    assertThat(lab.query("SELECT slug FROM tenants WHERE id = 5")).isEqualTo("slug5");
    assertThat(lab.query("SELECT email FROM users WHERE tenant_id = 5 ORDER BY 1"))
        .isEqualTo("a1+copy@x,b1+copy@x");
    lab.restore(5, label, Lab.NEW_IDS);

    assertThat(facts(5)).isEqualTo(facts);
    assertThat(facts(1)).isEqualTo(facts);
    assertThat(files()).hasSize(3);
    assertThat(lab.damage()).isEmpty();
    lab.undo(5);
    assertThat(facts(5)).isEqualTo(facts);

    lab.restore(5, lab.service().safetyPoints(Lab.id(5)).get(2).label());
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(files()).isEqualTo(filesBefore);
  }
}
