package dev.sevenfold.backup.naming;

import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tables that frameworks bring with them, by their whole names, and where people use such a name
 * for something else, by their columns too: {@code training_sessions} holds no sessions, and {@code
 * jobs} may be what a company offers.
 */
public final class KnownTables {

  /**
   * What a table is known as.
   *
   * @param names the table, or all that are like it: {@code solid_queue_*}
   * @param isShared whether it is everybody's; else it is left out
   * @param what what it holds, for people
   */
  public record Known(String names, boolean isShared, String what) {}

  /** Names, and of columns one each of which is to be there. */
  private record Rule(Pattern names, List<List<String>> columns, Known known) {}

  private static final String QUEUE = "a queue";
  private static final String CACHE = "a cache";
  private static final String SESSIONS = "sessions";
  private static final String LOCKS = "locks";
  private static final String MIGRATIONS = "migrations that were run";

  private static final List<Rule> RULES =
      List.of(
          family("solid_queue_", QUEUE),
          family("solid_cache_", CACHE),
          family("solid_cable_", "messages under way"),
          family("good_job_", QUEUE),
          family("qrtz_", QUEUE),
          family("batch_job_", QUEUE),
          family("batch_step_", QUEUE),
          family("spring_session", SESSIONS),
          family("django_celery_", QUEUE),
          family("celery_", QUEUE),
          family("django_q_", QUEUE),
          family("oban_", QUEUE),
          family("hangfire", QUEUE),
          family("telescope_", "what was watched for debugging"),
          family("pulse_", "what was watched"),
          family("_litestream_", "what Litestream keeps"),
          left("good_jobs|delayed_jobs|que_jobs|queue_classic_jobs|failed_jobs|job_batches", QUEUE),
          left("jobs", QUEUE, List.of(List.of("queue"), List.of("payload", "handler", "args"))),
          left("scheduled_tasks", QUEUE, List.of(List.of("task_name"), List.of("task_instance"))),
          left("shedlock|cache_locks|databasechangeloglock|knex_migrations_lock", LOCKS),
          left("cache", CACHE, List.of(List.of("key"), List.of("value"))),
          left("django_session|persistent_logins|http_sessions", SESSIONS),
          left(
              "sessions?",
              SESSIONS,
              List.of(
                  List.of("payload", "data", "sess", "session_data", "user_agent", "ip_address"))),
          left("password_resets|password_reset_tokens", "tokens of an hour"),
          shared("schema_migrations|ar_internal_metadata|flyway_schema_history|schema_version"),
          shared("databasechangelog|alembic_version|django_migrations|__efmigrationshistory"),
          shared("knex_migrations|_prisma_migrations|sequelizemeta|__drizzle_migrations"),
          shared("doctrine_migration_versions|migration_versions|goose_db_version|phinxlog"),
          shared("gorp_migrations|schema_info|_sqlx_migrations|__diesel_schema_migrations"),
          new Rule(
              Pattern.compile("migrations"),
              List.of(List.of("batch", "timestamp", "executed_at", "run_on", "version")),
              new Known("", true, MIGRATIONS)));

  private KnownTables() {}

  private static Rule family(String prefix, String what) {
    return new Rule(
        Pattern.compile(Pattern.quote(prefix) + ".*"),
        List.of(),
        new Known(prefix + '*', false, what));
  }

  private static Rule left(String names, String what) {
    return left(names, what, List.of());
  }

  private static Rule left(String names, String what, List<List<String>> columns) {
    return new Rule(Pattern.compile(names), columns, new Known("", false, what));
  }

  private static Rule shared(String names) {
    return new Rule(Pattern.compile(names), List.of(), new Known("", true, MIGRATIONS));
  }

  /** What the table is known as, if it is. */
  public static Optional<Known> find(Table table) {
    return RULES.stream()
        .filter(rule -> inAnyCase(rule.names()).matcher(table.name()).matches())
        .filter(
            rule ->
                rule.columns().stream()
                    .allMatch(any -> any.stream().anyMatch(c -> table.column(c).isPresent())))
        .map(Rule::known)
        .map(known -> known.names().isEmpty() ? named(table.name(), known) : known)
        .findFirst();
  }

  private static Pattern inAnyCase(Pattern names) {
    return Pattern.compile(names.pattern(), Pattern.CASE_INSENSITIVE);
  }

  private static Known named(String table, Known known) {
    return new Known(table, known.isShared(), known.what());
  }
}
