package dev.sevenfold.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that is not the archive's says nothing of the archive. */
class RotatedKeyTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private final InMemoryArchiveStore inner = new InMemoryArchiveStore();

  @BeforeEach
  void create() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenants (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO tenants VALUES (1)");
    }
  }

  private Path file() {
    return folder.resolve("app.sqlite3");
  }

  private BackupService service(ArchiveStore store) {
    TenantModel model = TenantModel.rootedAt("tenants").build();
    return BackupService.builder(SqliteTenantSource.builder(file(), model).build(), store)
        .scratch(folder.resolve("scratch"))
        .build();
  }

  @Test
  void takes_no_verification_away_and_with_the_right_one_all_is_as_it_was() {
    Label label = service(Keys.store(inner)).backup(ONE).restorePoint().label();
    BackupService rotated =
        service(AgeArchiveStore.builder(inner).identity(Keys.otherSecret()).build());

    assertThatExceptionOfType(ArchiveNotReadable.class)
        .isThrownBy(() -> rotated.verify(label))
        .withMessageContaining("cannot be decrypted with the key that is given")
        .withMessageContaining("nothing was recorded");
    assertThat(rotated.drillAll())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.failure()).containsInstanceOf(ArchiveNotReadable.class);
              assertThat(outcome.damaged()).isFalse();
            });
    // Its record says what it is. An archive that has none, nobody can tell without the key.
    assertThat(rotated.restorePoints(ONE)).extracting(RestorePoint::label).containsExactly(label);
    assertThatExceptionOfType(ArchiveNotReadable.class)
        .isThrownBy(() -> rotated.restore(ONE, label));
    inner.record(label, inner.stat(label).record().withoutSummary());
    assertThat(rotated.restorePoints(ONE)).isEmpty();
    assertThat(rotated.unreadableArchives(ONE)).hasSize(1);

    assertThat(inner.stat(label).record().verified()).isTrue();
    assertThat(service(Keys.store(inner)).restorePoints(ONE))
        .singleElement()
        .satisfies(point -> assertThat(point.verified()).isTrue());
  }
}
