package dev.sevenfold.backup.cli.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is done with one application. */
final class RoundTrip {
  private final App app;
  private final Path folder;
  private final Live live;
  private final Path config;
  private final int tenant;

  RoundTrip(App app, Path folder) throws SQLException {
    this.app = app;
    this.folder = folder;
    this.live = Live.create(app, folder.resolve("app.sqlite3"));
    this.config = folder.resolve("sevenfold.yml");
    this.tenant = app.random.nextInt(app.root.rows.size());
  }

  void run() throws Exception {
    Map<String, List<String>> whole = live.dump();
    assertThat(whole).as("what was meant to be there").isEqualTo(meant());
    TenantModel model = suggested();
    try (SqliteTenantSource source = SqliteTenantSource.builder(live.file(), model).build();
        BackupService service = BackupService.builder(source, new InMemoryArchiveStore()).build()) {
      everyRowIsInAnArchive(source);
      assertThat(service.backupAll()).allMatch(outcome -> outcome.failure().isEmpty());
      Label label = service.restorePoints(id(tenant)).get(0).label();
      Vandal.run(app, live, tenant);
      Map<String, List<String>> vandalised = live.dump();
      service.restore(id(tenant), label);
      assertThat(live.dump()).as("restored").isEqualTo(whole);
      service.undo(id(tenant));
      assertThat(live.dump()).as("undone").isEqualTo(vandalised);
      service.restore(id(tenant), label);
      assertThat(live.dump()).as("restored again").isEqualTo(whole);
      Vandal.deleteTenant(app, live, tenant);
      service.restore(id(tenant), label);
      assertThat(live.dump()).as("restored after it was deleted").isEqualTo(whole);
      TenantId other = id(app.manner.newKey(app.random, 4711));
      service.restore(other, label, RestoreOptions.DEFAULT.remapping());
      Copies.compare(app, live, tenant, whole);
    }
  }

  private Map<String, List<String>> meant() {
    Map<String, List<String>> meant = new TreeMap<>();
    for (Tab tab : app.tabs) {
      meant.put(tab.name, tab.rows.stream().map(Live::typed).sorted().toList());
    }
    return meant;
  }

  /** Pastes what is suggested, as often as there is something. */
  private TenantModel suggested() throws IOException {
    String section = "tenants: {table: " + quoted(app.root.name) + "}\n";
    SuggestedModel said = suggest(section);
    List<String> unexpected = new ArrayList<>(said.questions());
    unexpected.removeIf(question -> app.doubtful.stream().anyMatch(question::contains));
    assertThat(unexpected).as("questions").isEmpty();
    section = said.yaml();
    SuggestedModel again = suggest(section);
    assertThat(again.isQuiet()).as("suggested again:\n%s", again.yaml()).isTrue();
    TenantModel model = model(section);
    try (SqliteTenantSource source = SqliteTenantSource.builder(live.file(), model).build()) {
      OwnershipCheck check = source.check(Progress.none());
      assertThat(check.isComplete()).as("%s\n%s", check.figure(), section).isTrue();
      assertThat(check.unmodelled()).as("proved, and not suggested").isEmpty();
    }
    return model;
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private SuggestedModel suggest(String section) throws IOException {
    try (SqliteTenantSource source =
        SqliteTenantSource.builder(live.file(), model(section)).build()) {
      return source.suggest(List.of(), Progress.none());
    }
  }

  private TenantModel model(String section) throws IOException {
    Files.writeString(config, "database: app.sqlite3\n" + section);
    return Config.readWithoutStore(config).requireTenants();
  }

  private void everyRowIsInAnArchive(SqliteTenantSource source) throws Exception {
    for (int each = 0; each < app.root.rows.size(); each++) {
      Path scratch = Files.createDirectory(folder.resolve("tenant" + each));
      TenantSnapshot snapshot = source.extract(id(each), scratch, Progress.none());
      List<Tab> owned = app.tabs.stream().filter(this::isInArchives).toList();
      Map<String, List<String>> archived = Live.dump(snapshot.database(), owned);
      for (Tab tab : owned) {
        assertThat(archived.get(tab.name))
            .as("%s of tenant %d in its archive", tab.name, each)
            .isEqualTo(tab.of(each).stream().map(Live::typed).sorted().toList());
      }
    }
  }

  private boolean isInArchives(Tab tab) {
    return tab.isOwned() && !tab.rows.isEmpty();
  }

  private TenantId id(int number) {
    return id(app.root.of(number).get(0).key());
  }

  private static TenantId id(@Nullable Object key) {
    return TenantId.of(
        key instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(key));
  }
}
