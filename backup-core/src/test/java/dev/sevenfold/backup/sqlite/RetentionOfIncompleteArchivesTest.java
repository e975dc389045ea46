package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UnmountedWorld.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that lack files never push out those that have them; two of each kind are kept here. */
class RetentionOfIncompleteArchivesTest {

  @TempDir Path folder;

  private UnmountedWorld world;

  @BeforeEach
  void create() throws IOException {
    world = UnmountedWorld.create(folder);
  }

  private List<Label> labels() {
    return world.service().restorePoints(ONE).stream().map(RestorePoint::label).toList();
  }

  private List<Label> systemLabels() {
    return world.service().system().points().stream().map(RestorePoint::label).toList();
  }

  @Test
  void accepted_archives_of_a_tenant_leave_the_whole_ones_where_they_are() throws IOException {
    Label first = world.backup(ONE).restorePoint().label();
    Label second = world.backup(ONE).restorePoint().label();
    world.unmount();
    for (int i = 0; i < 5; i++) {
      world.accepted(ONE);
    }

    assertThat(labels()).hasSize(4).contains(first, second);
    assertThat(world.service().restorePoints(ONE).get(0).lack()).isEqualTo(Lack.MOST);
  }

  @Test
  void archives_with_a_gap_are_bounded_beside_whole_ones_and_go_when_those_come_again()
      throws IOException {
    Label first = world.backup(ONE).restorePoint().label();
    Label second = world.backup(ONE).restorePoint().label();
    world.deleteFirst(ONE, 1);
    for (int i = 0; i < 5; i++) {
      world.backup(ONE);
    }
    assertThat(labels()).hasSize(4).contains(first, second);

    world.lab().execute("DELETE FROM blobs WHERE key = 't1-0'");
    Label third = world.backup(ONE).restorePoint().label();
    Label fourth = world.backup(ONE).restorePoint().label();

    assertThat(labels()).containsExactly(fourth, third);
  }

  @Test
  void accepted_backups_of_the_system_leave_the_whole_ones_where_they_are() throws IOException {
    Label first = world.backupSystem().point().label();
    Label second = world.backupSystem().point().label();
    world.takeAway();
    for (int i = 0; i < 5; i++) {
      world.acceptedSystem();
    }

    assertThat(systemLabels()).hasSize(4).contains(first, second);
  }

  @Test
  void what_follows_on_an_accepted_backup_of_an_empty_tree_pushes_out_no_whole_one()
      throws IOException {
    Label first = world.backupSystem().point().label();
    Label second = world.backupSystem().point().label();
    world.unmount();
    world.acceptedSystem();
    for (int i = 0; i < 4; i++) {
      world.backupSystem();
    }

    assertThat(systemLabels()).hasSize(4).contains(first, second);
  }

  @Test
  void backups_of_a_database_without_rows_push_out_none_that_has_them() {
    Label first = world.backupSystem().point().label();
    Label second = world.backupSystem().point().label();
    world.lab().execute("DELETE FROM blobs", "DELETE FROM tenants");
    for (int i = 0; i < 4; i++) {
      world.acceptedSystem();
    }

    assertThat(systemLabels()).hasSize(4).contains(first, second);
  }

  @Test
  void a_tree_that_has_lost_most_files_and_what_follows_push_no_whole_backup_out()
      throws IOException {
    Label first = world.backupSystem().point().label();
    Label second = world.backupSystem().point().label();
    world.deleteFirst(TenantId.of(1), 10);
    world.deleteFirst(TenantId.of(2), 3);

    world.acceptedSystem();
    for (int i = 0; i < 4; i++) {
      world.backupSystem();
    }

    assertThat(systemLabels()).hasSize(4).contains(first, second);
  }
}
