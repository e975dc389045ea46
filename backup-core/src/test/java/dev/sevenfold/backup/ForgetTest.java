package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkCheck;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.memory.InMemoryLinkStore;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.ForgottenTenant;
import dev.sevenfold.backup.report.KeptOfTenant;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import dev.sevenfold.testsupport.Interposed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that is kept of a tenant goes, on every replica, and the report has looked. */
class ForgetTest {

  private static final TenantId ONE = TenantId.of(1);
  private static final TenantId OTHER = TenantId.of(10);
  private static final Optional<ArchiveOwner> EVERYBODY = Optional.of(ArchiveOwner.anyone());

  @TempDir Path folder;
  Outage thereIsDown;
  SharedDatabase database;
  BackupService backups;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 12, 7);
    thereIsDown = new Outage(folder + "/there", DirectoryArchiveStore.at(folder.resolve("there")));
    backups = open();
  }

  private BackupService open() {
    return BackupService.builder(
            SqliteTenantSource.builder(database.file(), database.model())
                .busyTimeout(Duration.ofMillis(200))
                .build(),
            MirroredArchiveStore.of(
                DirectoryArchiveStore.at(folder.resolve("here")), thereIsDown.store()))
        .scratch(folder.resolve("scratch"))
        .build();
  }

  @AfterEach
  void close() {
    backups.close();
  }

  /** A host's own notes of a tenant. */
  private static final class Notes implements TenantKeeper {
    private final List<String> notes = new ArrayList<>(List.of("a note"));
    private boolean failing;

    @Override
    public String describe() {
      return "notes";
    }

    @Override
    public List<String> kept(TenantId tenant) {
      if (failing) {
        throw new IllegalStateException("password=secret");
      }
      return List.copyOf(notes);
    }

    @Override
    public void forget(TenantId tenant) {
      kept(tenant);
      notes.clear();
    }
  }

  private List<Path> files(String replica) throws IOException {
    try (var walk = Files.walk(folder.resolve(replica))) {
      return walk.filter(file -> file.toString().contains("_1_") || file.endsWith("tenant_1"))
          .toList();
    }
  }

  @Test
  void nothing_of_a_tenant_is_left_and_everything_of_others_is() throws IOException {
    Label first = backups.backup(ONE).restorePoint().label();
    backups.backup(ONE);
    RestorePoint others = backups.backup(OTHER).restorePoint();
    database.deleteAllOf(1);
    backups.restore(ONE, first);
    Path file = folder.resolve("kept.tar.gz");
    try (InputStream in = backups.open(first)) {
      Files.copy(in, file);
    }
    backups.importArchive(ONE, file); // which pins it, for no reason
    backups.delete(first); // which is remembered
    Map<String, List<String>> rows = database.dump();
    Notes notes = new Notes();

    ForgottenTenant forgotten = backups.forget(ONE, notes);

    assertThat(forgotten.isProven()).isTrue();
    assertThat(forgotten.left().things()).isEmpty();
    assertThat(forgotten.removed())
        .contains("a note")
        .anyMatch(line -> line.contains("/safety_1_") && line.contains("/here"))
        .anyMatch(line -> line.contains("/safety_1_") && line.contains("/there"))
        .anyMatch(line -> line.contains(".sevenfold-deleted") && line.contains("/there"));
    assertThat(forgotten.left().stays())
        .anyMatch(line -> line.startsWith("the rows and files of the tenant in SQLite database"));
    assertThat(files("here")).isEmpty();
    assertThat(files("there")).isEmpty();
    assertThat(database.dump()).isEqualTo(rows);
    assertThat(backups.restorePoints(OTHER)).containsExactly(others);
    assertThat(backups.undoPoint(ONE)).isEmpty();
    // Nobody here knows the file that the tenant kept any more.
    assertThatThrownBy(() -> backups.importArchive(ONE, file)).isInstanceOf(RestoreRefused.class);
    assertThat(backups.forget(ONE, notes).removed()).isEmpty();
  }

  @Test
  void what_is_held_keeps_all_of_it_until_it_is_released() {
    Label held = backups.backup(ONE).restorePoint().label();
    Label newer = backups.backup(ONE).restorePoint().label();
    backups.pin(held, "court order 7/26");
    Notes notes = new Notes();

    assertThat(backups.kept(ONE).holds()).containsExactly(held + ": it is held: court order 7/26");
    assertThatThrownBy(() -> backups.forget(ONE, notes))
        .isInstanceOf(RestoreRefused.class)
        .hasMessageContaining(held + ": it is held: court order 7/26");

    assertThat(backups.restorePoints(ONE))
        .extracting(RestorePoint::label)
        .containsExactly(newer, held);
    assertThat(notes.notes).isNotEmpty();
    backups.release(held);
    assertThat(backups.forget(ONE).isProven()).isTrue();
  }

  @Test
  void a_record_that_cannot_be_read_may_be_that_of_a_hold() throws IOException {
    Label label = backups.backup(ONE).restorePoint().label();
    for (String replica : List.of("here", "there")) {
      Files.writeString(folder.resolve(replica + "/tenant_1/" + label + ".marks.json"), "{");
    }

    assertThatThrownBy(() -> backups.forget(ONE))
        .isInstanceOf(RestoreRefused.class)
        .hasMessageContaining(label + ": nothing is known but that it is pinned");

    backups.release(label);
    assertThat(backups.forget(ONE).isProven()).isTrue();
  }

  @Test
  void another_tenants_archive_under_a_label_of_this_one_is_not_deleted() throws IOException {
    backups.backup(ONE);
    Label others = backups.backup(OTHER).restorePoint().label();
    Path renamed = folder.resolve("here/tenant_1/tenant_1_20200101000000.tar.gz");
    Files.copy(folder.resolve("here/tenant_10/" + others + ".tar.gz"), renamed);

    assertThatThrownBy(() -> backups.forget(ONE))
        .isInstanceOf(RestoreRefused.class)
        .hasMessageContaining("tenant_1_20200101000000: it is of tenant 10");

    assertThat(renamed).exists();
    assertThat(backups.restorePoints(ONE)).hasSize(1);
  }

  @Test
  void while_a_replica_is_silent_nothing_goes_and_later_all_of_it() {
    backups.backup(ONE);
    thereIsDown.begin();

    assertThatThrownBy(() -> backups.forget(ONE)).isInstanceOf(StoreUnavailable.class);

    KeptOfTenant kept = backups.kept(ONE);
    assertThat(kept.silent()).anyMatch(line -> line.contains("The machine is off"));
    assertThat(kept.isNothing()).isFalse();
    assertThat(backups.restorePoints(ONE)).hasSize(1);
    thereIsDown.end();
    assertThat(backups.forget(ONE).isProven()).isTrue();
  }

  @Test
  void what_is_held_stays_where_the_store_does_not_say_all_that_may_be_held() {
    ArchiveStore inner = DirectoryArchiveStore.at(folder.resolve("alone"));
    ArchiveStore store =
        Interposed.before(
            inner,
            ArchiveStore.class,
            call -> {
              if (call.is("list") && call.first(ArchiveOwner.class).equals(EVERYBODY)) {
                throw new StoreUnavailable("Nobody may see everything", "Ask again");
              }
              return call.proceed();
            });
    try (BackupService alone =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), store)
            .scratch(folder.resolve("scratch"))
            .build()) {
      Label held = alone.backup(ONE).restorePoint().label();
      alone.pin(held, "court order 7/26");

      assertThatThrownBy(() -> alone.forget(ONE)).isInstanceOf(StoreUnavailable.class);

      assertThat(alone.restorePoints(ONE)).extracting(RestorePoint::label).containsExactly(held);
    }
  }

  @Test
  void a_keeper_that_fails_proves_nothing_and_keeps_no_other_from_its_turn() {
    backups.backup(ONE);
    Notes notes = new Notes();
    notes.failing = true;

    ForgottenTenant forgotten = backups.forget(ONE, notes);

    assertThat(forgotten.isProven()).isFalse();
    assertThat(forgotten.left().things()).isEmpty();
    assertThat(forgotten.left().silent()).containsExactly("notes: java.lang.IllegalStateException");
    notes.failing = false;
    assertThat(backups.forget(ONE, notes).isProven()).isTrue();
  }

  @Test
  void waits_for_whoever_is_at_work_on_the_tenant() {
    AtomicReference<Throwable> refused = new AtomicReference<>();

    backups.backup(
        ONE,
        (step, unit, done, total) -> {
          if (refused.get() == null) {
            try (BackupService other = open()) {
              other.forget(ONE);
            } catch (RuntimeException e) {
              refused.set(e);
            }
          }
        });

    assertThat(refused.get())
        .isInstanceOf(SourceUnavailable.class)
        .hasMessageContaining("Another job has been working on tenant 1");
    assertThat(backups.restorePoints(ONE)).hasSize(1);
  }

  @Test
  void a_link_that_was_handed_out_does_not_work_when_an_archive_comes_back() {
    DownloadLinks links = backups.links(LinkKeys.of(new byte[32]), new InMemoryLinkStore()).build();
    BackupReport report = backups.backup(ONE);
    DownloadLink link = links.issue(ONE, report.restorePoint().digest());
    assertThat(links.check(link.token().value()).status()).isEqualTo(LinkCheck.Status.VALID);

    ForgottenTenant forgotten = backups.forget(ONE, links);

    assertThat(links.check(link.token().value()).status()).isEqualTo(LinkCheck.Status.REVOKED);
    assertThat(forgotten.isProven()).isTrue();
    assertThat(forgotten.left().stays())
        .anyMatch(line -> line.startsWith("in the links in memory, the number of times"));
  }

  @Test
  void a_tenant_whose_rows_are_gone_can_be_forgotten() {
    backups.backup(ONE);
    database.deleteAllOf(1);

    ForgottenTenant forgotten = backups.forget(ONE);

    assertThat(forgotten.isProven()).isTrue();
    assertThat(backups.forget(TenantId.of("Ø '\";--")).isProven()).isTrue();
  }
}
