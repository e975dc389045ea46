package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RestoreAndSystemJobsTest {

  private static final TenantId TENANT = TenantId.of(42);
  private static final Label ARCHIVE = Label.parse("tenant_42_20261122010100");
  private static final Label SAFETY = Label.parse("safety_42_20261124010101");
  private static final Instant NOW = Instant.parse("2026-11-24T01:01:00Z");
  private static final Firing RESTORE = RestoreTenantJob.forTenant(TENANT, ARCHIVE).firing(NOW);

  private final ManualTime time = new ManualTime(NOW);
  private final List<String> done = new ArrayList<>();
  private final List<RestoreOptions> how = new ArrayList<>();

  private RestoreTenantJob restores(Optional<Label> committed) {
    return RestoreTenantJob.of(
        (tenant, label, options, progress) -> {
          done.add(tenant + " " + label);
          how.add(options);
          return Optional.of(SAFETY);
        },
        (tenant, label, from, until) -> committed,
        time);
  }

  @Test
  void restores_the_archive_that_the_arguments_name() {
    JobOutcome outcome = restores(Optional.empty()).run(RESTORE);

    assertThat(outcome).isEqualTo(new JobOutcome.Finished(Optional.of(SAFETY)));
    assertThat(done).containsExactly("42 tenant_42_20261122010100");
    assertThat(RESTORE.arguments()).hasToString("label:tenant_42_20261122010100");
  }

  @ParameterizedTest
  @MethodSource
  void restores_as_the_arguments_say(RestoreOptions options, String arguments) {
    Firing firing = RestoreTenantJob.forTenant(TENANT, ARCHIVE, options).firing(NOW);

    restores(Optional.empty()).run(firing);

    assertThat(how).containsExactly(options);
    assertThat(firing.arguments()).hasToString("label:" + ARCHIVE + arguments);
  }

  static List<Arguments> restores_as_the_arguments_say() {
    PlanDigest plan = new PlanDigest("ab".repeat(32));
    RestoreOptions all = RestoreOptions.DEFAULT;
    return List.of(
        Arguments.of(all, ""),
        Arguments.of(all.creatingOnly().exactly(plan), ",changes:CREATE,plan:" + plan),
        Arguments.of(all.doing(Change.DELETE, Change.UPDATE), ",changes:UPDATE+DELETE"),
        Arguments.of(all.takingBack().exactly(plan), ",taking-back:true,plan:" + plan));
  }

  @Test
  void a_restore_that_arguments_cannot_say_is_refused_before_it_is_asked_for() {
    for (RestoreOptions options :
        List.of(
            RestoreOptions.DEFAULT.remapping(),
            RestoreOptions.DEFAULT.only("users"),
            RestoreOptions.DEFAULT.rows("users", "1"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RestoreTenantJob.forTenant(TENANT, ARCHIVE, options))
          .withMessageContaining("Restore with the service itself");
    }
  }

  @Test
  void does_not_restore_twice_what_was_committed() {
    assertThat(restores(Optional.of(SAFETY)).run(RESTORE))
        .isEqualTo(new JobOutcome.AlreadyDone(SAFETY));
    assertThat(done).isEmpty();
  }

  @Test
  void a_refused_restore_is_not_worth_retrying() {
    RestoreTenantJob refusing =
        RestoreTenantJob.of(
            (tenant, label, options, progress) -> {
              throw new RestoreRefused("Ids are taken", List.of("users.1"), "Remap");
            },
            (tenant, label, from, until) -> Optional.empty());

    assertThat(refusing.run(RESTORE))
        .isEqualTo(new JobOutcome.Failed("Ids are taken: users.1", "Remap", false));
    assertThat(refusing.repeatable()).isFalse();
  }

  @Test
  void a_restore_without_an_archive_is_a_mistake_of_the_caller() {
    Firing unnamed = Job.of(JobKey.of(RestoreTenantJob.LABEL, TENANT)).firing(NOW);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> restores(Optional.empty()).run(unnamed))
        .withMessageContaining("names no archive");
  }

  @Test
  void backs_up_the_system_once_for_each_firing() {
    List<Label> archives = new ArrayList<>();
    SystemBackupJob job =
        SystemBackupJob.of(
            progress -> {
              archives.add(Label.parse("system_20261124010100"));
              return archives.get(0);
            },
            (from, until) -> archives.stream().findFirst(),
            time);
    Firing firing = SystemBackupJob.job().firing(NOW);

    assertThat(job.run(firing)).isInstanceOf(JobOutcome.Finished.class);
    assertThat(job.run(firing)).isInstanceOf(JobOutcome.AlreadyDone.class);
    assertThat(archives).hasSize(1);
  }
}
