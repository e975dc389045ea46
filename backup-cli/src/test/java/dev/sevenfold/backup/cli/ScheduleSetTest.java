package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleSetTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 2);
  }

  private void config(String lines) throws IOException {
    Files.writeString(shop.config(), lines, StandardOpenOption.APPEND);
  }

  private Cli schedule(String command, String... arguments) {
    return shop.cli("schedule", command, arguments);
  }

  private List<Map<String, Object>> shown(String... owner) {
    String[] arguments = new String[owner.length + 1];
    System.arraycopy(owner, 0, arguments, 0, owner.length);
    arguments[owner.length] = "--json";
    return JsonText.list(schedule("show", arguments).out());
  }

  @Test
  void keeps_a_schedule_and_says_in_words_when_it_fires() {
    Cli set =
        schedule(
            "set",
            "--tenant",
            "1",
            "--cron",
            "1 1 * * 2-6",
            "--zone",
            "Europe/Copenhagen",
            "--arguments",
            "controller:background_jobs");

    assertThat(set.code()).as("%s", set).isZero();
    assertThat(set.lines()).hasSize(2);
    assertThat(set.lines().get(0)).isEqualTo("at 01:01, Tuesday to Saturday, Europe/Copenhagen");
    OffsetDateTime next = OffsetDateTime.parse(set.lastLine());
    assertThat(next.toLocalTime()).hasToString("01:01");
    assertThat(shown("--tenant", "1")).hasSize(1);
    assertThat(shown("--tenant", "1").get(0))
        .containsEntry("tenant", "1")
        .containsEntry("job", "BackupTenantJob")
        .containsEntry("cron", "1 1 * * 2-6")
        .containsEntry("zone", "Europe/Copenhagen")
        .containsEntry("arguments", "controller:background_jobs")
        .containsEntry("state", "planned")
        .containsEntry("next", next.toInstant().toString())
        .containsEntry("last", "")
        .containsEntry("outcome", "");
    assertThat(folder.resolve("sevenfold-jobs.sqlite3")).exists();
  }

  @Test
  void shows_all_schedules_in_a_table_and_removes_one() throws IOException {
    config("system: {databases: {primary: production.sqlite3}}\n");
    schedule("set", "--tenant", "1", "--cron", "@daily");
    schedule("set", "--tenant", "2", "--cron", "@weekly", "--inactive");
    schedule("set", "--system", "--cron", "0 3 * * *");

    Cli show = schedule("show");
    assertThat(show.lines()).hasSize(4);
    assertThat(show.lines().get(0)).startsWith("TENANT  JOB");
    assertThat(show.lines().get(1)).startsWith("-       SystemBackupJob  0 3 * * *  UTC   planned");
    assertThat(show.lines().get(3)).contains("@weekly").contains("inactive");
    assertThat(schedule("remove", "--tenant", "1").lastLine()).isEqualTo("removed");

    assertThat(shown()).extracting(job -> job.get("tenant")).containsExactly("", "2");
    Cli again = schedule("remove", "--tenant", "1");
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.firstError()).contains("no schedule of BackupTenantJob of tenant 1");
  }

  @Test
  void keeps_schedules_where_the_config_says() throws IOException {
    config("jobs: {database: jobs/of-the-shop.sqlite3}\n");
    Files.createDirectory(folder.resolve("jobs"));

    schedule("set", "--tenant", "1", "--cron", "@daily");

    assertThat(folder.resolve("jobs/of-the-shop.sqlite3")).exists();
    assertThat(folder.resolve("sevenfold-jobs.sqlite3")).doesNotExist();
  }

  @Test
  void refuses_what_fires_too_often_and_changes_nothing() throws IOException {
    config("jobs: {minimum_interval: 1h}\n");
    schedule("set", "--tenant", "1", "--cron", "0 1 * * *");

    Cli set = schedule("set", "--tenant", "1", "--cron", "0,30 1 * * *");

    assertThat(set.code()).isEqualTo(3);
    assertThat(set.firstError()).contains("0,30 1 * * *").contains("30m").contains("1h");
    assertThat(shown("--tenant", "1").get(0)).containsEntry("cron", "0 1 * * *");
  }

  @Test
  void refuses_a_tenant_that_is_not_there_and_a_system_that_nobody_described() {
    Cli tenant = schedule("set", "--tenant", "77", "--cron", "@daily");
    assertThat(tenant.code()).isEqualTo(3);
    assertThat(tenant.firstError()).isEqualTo("sevenfold: There is no tenant 77");

    Cli system = schedule("set", "--system", "--cron", "@daily");
    assertThat(system.code()).isEqualTo(2);
    assertThat(system.firstError()).contains("the key system is missing");
    assertThat(folder.resolve("sevenfold-jobs.sqlite3")).doesNotExist();
  }

  @Test
  void says_what_is_wrong_with_a_schedule_and_its_arguments() {
    assertThat(schedule("set", "--tenant", "1", "--cron", "0 0 30 2 *"))
        .matches(cli -> cli.code() == 2 && cli.firstError().contains("never fires"));
    assertThat(schedule("set", "--tenant", "1", "--cron", "@daily", "--arguments", "oops"))
        .matches(cli -> cli.code() == 2 && cli.firstError().contains("\"oops\""));
    assertThat(schedule("set", "--tenant", "1", "--system", "--cron", "@daily").code())
        .isEqualTo(2);
    assertThat(schedule("set", "--tenant", "1", "--cron", "@daily", "--zone", "Mars").code())
        .isEqualTo(2);
    assertThat(schedule("remove").code()).isEqualTo(2);
  }

  @Test
  void looking_makes_no_file() {
    Cli show = schedule("show");

    assertThat(show.code()).isZero();
    assertThat(show.out()).isEmpty();
    assertThat(show.firstError()).contains("nothing is scheduled in");
    assertThat(shown()).isEmpty();
    assertThat(folder.resolve("sevenfold-jobs.sqlite3")).doesNotExist();
  }
}
