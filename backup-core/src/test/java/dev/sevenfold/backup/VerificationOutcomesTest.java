package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Only evidence against an archive takes its mark away, whatever else goes wrong, wherever. */
class VerificationOutcomesTest {

  private static final TenantId ONE = TenantId.of(1);

  /** A new kind of fault is one line here. */
  enum Fault {
    FLIPPED_BYTE,
    CUT,
    NO_MEMORY_IN_SQLITE(SQLiteErrorCode.SQLITE_NOMEM),
    FULL_DISK(SQLiteErrorCode.SQLITE_FULL),
    FAILING_DISK(SQLiteErrorCode.SQLITE_IOERR_READ),
    NO_FOLDER(SQLiteErrorCode.SQLITE_CANTOPEN),
    NO_MEMORY_IN_JAVA,
    ANOTHER_SIGNING_KEY;

    private final SQLiteErrorCode code;

    Fault() {
      this(SQLiteErrorCode.SQLITE_OK);
    }

    Fault(SQLiteErrorCode code) {
      this.code = code;
    }

    boolean isOfArchive() {
      return this == FLIPPED_BYTE || this == CUT;
    }
  }

  @TempDir Path folder;
  private SharedDatabase database;
  private ArchiveStore store;
  private volatile boolean failing;

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 3, 2);
    store = DirectoryArchiveStore.at(folder.resolve("backups"));
  }

  private void failIfTold(Fault fault) throws SQLException {
    if (failing && fault == Fault.NO_MEMORY_IN_JAVA) {
      throw new OutOfMemoryError("Java heap space");
    }
    if (failing && fault.code != SQLiteErrorCode.SQLITE_OK) {
      throw new SQLiteException(fault.code.message, fault.code);
    }
  }

  private BackupService service(Fault fault) {
    BackupService.Builder builder =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model())
                    .customize((Connection connection) -> failIfTold(fault))
                    .build(),
                store)
            .retention(RetentionPolicy.keepLast(1))
            .scratch(folder.resolve("scratch"));
    if (failing && fault == Fault.ANOTHER_SIGNING_KEY) {
      builder.signing(SigningKeys.of("other", new byte[32]));
    }
    return builder.build();
  }

  private void begin(Fault fault, Label label) throws IOException {
    Path file = StoreFiles.file(folder.resolve("backups"), label, ".tar.gz");
    byte[] bytes = Files.readAllBytes(file);
    if (fault == Fault.FLIPPED_BYTE) {
      bytes[bytes.length / 2] ^= 0x10;
    } else if (fault == Fault.CUT) {
      bytes = Arrays.copyOf(bytes, bytes.length - 100);
    }
    Files.write(file, bytes);
  }

  private Label backup(Fault fault) {
    try (BackupService backups = service(fault)) {
      return backups.backup(ONE).restorePoint().label();
    }
  }

  private boolean isProven(Label label) {
    return store.stat(label).record().verified();
  }

  private static void require(Fault fault, BackupException thrown) {
    assertThat(thrown).isNotNull();
    assertThat(thrown instanceof ArchiveCorrupt).as("%s", thrown).isEqualTo(fault.isOfArchive());
  }

  @ParameterizedTest
  @EnumSource
  void a_verification(Fault fault) throws IOException {
    Label label = backup(fault);
    begin(fault, label);
    try (BackupService backups = service(fault)) {
      failing = true;
      try (BackupService other = fault == Fault.ANOTHER_SIGNING_KEY ? service(fault) : backups) {
        BackupException thrown =
            catchThrowableOfType(BackupException.class, () -> other.verify(label));

        require(fault, thrown);
        if (!fault.isOfArchive()) {
          assertThat(thrown.what()).contains("could not be verified now", "nothing was recorded");
        }
        assertThat(isProven(label)).isEqualTo(!fault.isOfArchive());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_drill(Fault fault) throws IOException {
    Label label = backup(fault);
    begin(fault, label);
    try (BackupService backups = service(fault)) {
      failing = true;
      try (BackupService other = fault == Fault.ANOTHER_SIGNING_KEY ? service(fault) : backups) {
        List<DrillOutcome> outcomes = other.drill(ONE);

        assertThat(outcomes).hasSize(1);
        require(fault, outcomes.get(0).failure().orElseThrow());
        assertThat(outcomes.get(0).damaged()).isEqualTo(fault.isOfArchive());
        assertThat(isProven(label)).isEqualTo(!fault.isOfArchive());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_restore(Fault fault) throws IOException {
    Label label = backup(fault);
    begin(fault, label);
    Map<String, List<String>> before = database.dump();
    try (BackupService backups = service(fault)) {
      failing = fault != Fault.NO_MEMORY_IN_JAVA;
      try (BackupService other = fault == Fault.ANOTHER_SIGNING_KEY ? service(fault) : backups) {
        if (failing) {
          require(
              fault, catchThrowableOfType(BackupException.class, () -> other.restore(ONE, label)));
        }
      }
    }
    failing = false;
    assertThat(isProven(label)).as("a restore marks nothing").isTrue();
    assertThat(database.dump()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "NO_MEMORY_IN_SQLITE",
        "FULL_DISK",
        "FAILING_DISK",
        "NO_FOLDER",
        "NO_MEMORY_IN_JAVA"
      })
  void the_check_of_a_backup_that_was_just_made(Fault fault) {
    Label older = backup(fault);
    try (BackupService backups = service(fault)) {
      BackupException thrown =
          catchThrowableOfType(
              BackupException.class,
              () ->
                  backups.backup(
                      ONE,
                      (step, unit, done, total) -> {
                        failing |= step.equals("read");
                      }));

      require(fault, thrown);
      assertThat(thrown.what()).contains("could not be verified now");
      failing = false;
      assertThat(isProven(older)).as("retention was not applied").isTrue();
      assertThat(backups.restorePoints(ONE))
          .extracting(RestorePoint::verified)
          .containsExactlyInAnyOrder(true, false);
      backups
          .restorePoints(ONE)
          .forEach(point -> assertThat(backups.verify(point.label()).verified()).isTrue());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_verification_of_the_system(Fault fault) throws IOException {
    SqliteSystemSource source =
        SqliteSystemSource.builder()
            .database("primary", database.file())
            .customize(connection -> failIfTold(fault))
            .build();
    Label label;
    try (SystemBackups system =
        SystemBackups.builder(store).source(source).scratch(folder.resolve("scratch")).build()) {
      label = system.backup(Progress.none()).point().label();
    }
    begin(fault, label);
    failing = true;
    SystemBackups.Builder builder =
        SystemBackups.builder(store)
            .verifier(SqliteVerifier.customizedBy(connection -> failIfTold(fault)))
            .scratch(folder.resolve("scratch"));
    if (fault == Fault.ANOTHER_SIGNING_KEY) {
      builder.signing(SigningKeys.of("other", new byte[32]));
    }
    try (SystemBackups later = builder.build()) {
      require(fault, catchThrowableOfType(BackupException.class, () -> later.verify(label)));
      assertThat(isProven(label)).isEqualTo(!fault.isOfArchive());
      failing = false;
    }
    if (!fault.isOfArchive()) {
      try (SystemBackups later = SystemBackups.builder(store).build()) {
        assertThat(later.latest().label()).isEqualTo(label);
      }
    }
  }
}
