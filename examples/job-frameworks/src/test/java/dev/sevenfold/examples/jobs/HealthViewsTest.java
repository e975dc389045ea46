package dev.sevenfold.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.health.BackupHealthIndicator;
import dev.sevenfold.examples.jobs.health.BackupMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/** The health of the backups in Spring Boot and in Micrometer. */
class HealthViewsTest {

  private static final TenantId TWO = TenantId.of(2);

  @TempDir Path folder;
  private Application application;

  @BeforeEach
  void open() {
    SampleData.createIn(folder, 2);
    application = Application.open(folder, Duration.ofMinutes(1), line -> {});
    application.backups().backup(TenantId.of(1));
  }

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void spring_boot_shows_the_backups_as_up_with_numbers() {
    Health health = new BackupHealthIndicator(application.health()).health();

    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails())
        .containsEntry("overdue", List.of())
        .containsEntry("storageBytes", application.health().check().storageBytes());
  }

  @Test
  void spring_boot_shows_them_as_down_while_one_is_overdue() {
    Backdated.backup(folder, TWO, Duration.ofDays(3));

    Health health = new BackupHealthIndicator(application.health()).health();

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails())
        .extractingByKey("overdue")
        .asString()
        .startsWith("[tenant 2: overdue since ");
  }

  @Test
  void micrometer_counts_states_and_names_only_those_that_are_overdue() {
    Backdated.backup(folder, TWO, Duration.ofDays(3));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    BackupMeters meters = new BackupMeters(application.health());
    meters.bindTo(registry);
    assertThat(registry.get("sevenfold.backup.storage").gauge().value()).isNaN();

    meters.refresh();

    assertThat(registry.get("sevenfold.backups").tag("state", "overdue").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("sevenfold.backups").tag("state", "healthy").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("sevenfold.backup.age.max").gauge().value())
        .isBetween(Duration.ofDays(3).toSeconds() - 60.0, Duration.ofDays(3).toSeconds() + 600.0);
    assertThat(registry.get("sevenfold.backup.storage").gauge().value())
        .isEqualTo((double) application.health().check().storageBytes());
    assertThat(registry.get("sevenfold.backup.overdue").gauges())
        .extracting(gauge -> gauge.getId().getTag("tenant"))
        .containsExactly("2");
    application.backups().backup(TWO);
    meters.refresh();
    assertThat(registry.find("sevenfold.backup.overdue").gauges()).isEmpty();
  }

  @Test
  void spring_boot_shows_a_store_that_cannot_be_read_as_down() throws Exception {
    application.close();
    Path empty = Files.createDirectory(folder.resolve("other"));
    SampleData.createIn(empty, 1);
    Files.writeString(empty.resolve("backups"), "in the place of the folder");
    application = Application.open(empty, Duration.ofMinutes(1), line -> {});

    Health health = new BackupHealthIndicator(application.health()).health();

    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails())
        .extractingByKey("error")
        .asString()
        .contains("StoreUnavailable");
  }
}
