package dev.sevenfold.backup.retention;

import static dev.sevenfold.backup.retention.Retainables.lacking;
import static dev.sevenfold.backup.retention.Retainables.numbered;
import static dev.sevenfold.backup.retention.Retainables.pinned;
import static dev.sevenfold.backup.retention.Retainables.safety;
import static dev.sevenfold.backup.retention.Retainables.unverified;
import static dev.sevenfold.backup.retention.Retainables.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ZoneId COPENHAGEN = ZoneId.of("Europe/Copenhagen");

  /** Proven archives of the nights before {@link #NOW}, the newest first. */
  private static List<RetainableArchive> nights(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> verified(Instant.parse("2026-11-22T01:00:00Z").minus(Duration.ofDays(n))))
        .toList();
  }

  private static List<Label> labels(List<RetainableArchive> archives) {
    return archives.stream().map(RetainableArchive::label).toList();
  }

  private static List<RetainableArchive> with(
      List<RetainableArchive> archives, RetainableArchive... more) {
    List<RetainableArchive> all = new ArrayList<>(archives);
    all.addAll(Arrays.asList(more));
    return all;
  }

  private static String reason(RetentionPlan plan, RetainableArchive archive) {
    return plan.decisions().stream()
        .filter(decision -> decision.archive().equals(archive))
        .map(RetentionPlan.Decision::reason)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void keeps_the_last_seven_by_default() {
    List<RetainableArchive> archives = nights(10);

    RetentionPlan plan = RetentionPolicy.DEFAULT.plan(archives, NOW);

    assertThat(plan.kept()).isEqualTo(labels(archives.subList(0, 7)));
    assertThat(plan.deleted()).isEqualTo(labels(archives.subList(7, 10)));
    assertThat(plan.decisions().get(0).reason()).isEqualTo("1st of the last 7");
    assertThat(plan.decisions().get(9).reason()).isEqualTo("none of the last 7");
  }

  @Test
  void deletes_nothing_of_nothing() {
    assertThat(RetentionPolicy.DEFAULT.plan(List.of(), NOW).decisions()).isEmpty();
  }

  @Test
  void the_order_of_the_archives_does_not_matter() {
    List<RetainableArchive> archives = new ArrayList<>(nights(10));
    RetentionPlan plan = RetentionPolicy.DEFAULT.plan(archives, NOW);

    Collections.reverse(archives);

    assertThat(RetentionPolicy.DEFAULT.plan(archives, NOW)).isEqualTo(plan);
  }

  @Test
  void pinned_archives_stay_and_do_not_count() {
    RetainableArchive old = pinned("2020-01-01T00:00:00Z");
    RetainableArchive recent = pinned("2026-11-22T02:00:00Z");

    RetentionPlan plan = RetentionPolicy.keepLast(2).plan(with(nights(3), old, recent), NOW);

    assertThat(plan.deleted()).isEqualTo(labels(nights(3).subList(2, 3)));
    assertThat(reason(plan, old)).isEqualTo("pinned");
    assertThat(reason(plan, recent)).isEqualTo("pinned");
  }

  @Test
  void unproven_archives_do_not_push_verified_ones_out_and_are_bounded_beside_them() {
    List<RetainableArchive> archives =
        with(
            nights(2),
            unverified("2026-11-22T03:00:00Z"),
            unverified("2026-11-22T04:00:00Z"),
            unverified("2026-11-22T05:00:00Z"));

    RetentionPlan plan = RetentionPolicy.keepLast(2).plan(archives, NOW);

    assertThat(plan.deleted()).containsExactly(archives.get(2).label());
    assertThat(reason(plan, archives.get(2))).isEqualTo("not verified; none of the last 2");
    assertThat(reason(plan, archives.get(4))).isEqualTo("not verified; 1st of the last 2");
  }

  @Test
  void archives_that_lack_files_do_not_push_out_those_that_have_them_and_are_bounded_too() {
    List<RetainableArchive> lacking =
        List.of(
            lacking(Lack.SOME, verified("2026-11-22T03:00:00Z")),
            lacking(Lack.MOST, verified("2026-11-22T04:00:00Z")),
            lacking(Lack.MOST, verified("2026-11-22T05:00:00Z")),
            lacking(Lack.MOST, verified("2026-11-22T06:00:00Z")));
    List<RetainableArchive> archives = new ArrayList<>(nights(3));
    archives.addAll(lacking);

    RetentionPlan plan = RetentionPolicy.keepLast(2).plan(archives, NOW);

    assertThat(plan.deleted()).containsExactly(lacking.get(1).label(), archives.get(2).label());
    assertThat(reason(plan, lacking.get(0))).isEqualTo("lacks files; 1st of the last 2");
    assertThat(reason(plan, lacking.get(3)))
        .isEqualTo("lacks most of what it should hold; 1st of the last 2");
  }

  @Test
  void archives_that_lack_files_go_when_enough_newer_ones_have_them() {
    RetainableArchive gap = lacking(Lack.SOME, verified("2026-11-01T01:00:00Z"));

    assertThat(RetentionPolicy.keepLast(2).plan(with(nights(2), gap), NOW).deleted())
        .containsExactly(gap.label());
  }

  @Test
  void what_is_not_verified_stays_while_only_archives_are_verified_that_lack_more() {
    List<RetainableArchive> archives =
        List.of(
            lacking(Lack.MOST, verified("2026-11-22T05:00:00Z")),
            unverified("2026-11-20T01:00:00Z"),
            unverified("2026-11-19T01:00:00Z"));

    RetentionPlan plan = RetentionPolicy.keepLast(1).plan(archives, NOW);

    assertThat(plan.deleted()).isEmpty();
    assertThat(reason(plan, archives.get(2)))
        .isEqualTo("not verified, but no other one is that lacks no more files");
  }

  @Test
  void nothing_is_deleted_while_nothing_is_verified() {
    List<RetainableArchive> archives =
        IntStream.range(10, 30)
            .mapToObj(day -> unverified("2026-10-" + day + "T01:00:00Z"))
            .toList();

    RetentionPlan plan = RetentionPolicy.keepLast(1).plan(archives, NOW);

    assertThat(plan.deleted()).isEmpty();
    assertThat(reason(plan, archives.get(0))).isEqualTo("not verified, but no other one is");
  }

  @Test
  void a_pin_alone_is_not_enough_to_delete_what_is_not_verified() {
    RetainableArchive broken = unverified("2026-11-01T01:00:00Z");

    RetentionPlan plan =
        RetentionPolicy.keepLast(1).plan(List.of(broken, pinned("2026-11-20T01:00:00Z")), NOW);

    assertThat(plan.deleted()).isEmpty();
  }

  @Test
  void an_unverified_archive_goes_once_enough_newer_ones_are_verified() {
    RetainableArchive stays = unverified("2026-11-20T13:00:00Z");
    RetainableArchive goes = unverified("2026-11-18T13:00:00Z");

    RetentionPlan plan = RetentionPolicy.keepLast(3).plan(with(nights(5), stays, goes), NOW);

    assertThat(reason(plan, stays)).isEqualTo("not verified; 3rd of the last 3");
    assertThat(reason(plan, goes)).isEqualTo("not verified; none of the last 3");
    assertThat(plan.kept()).contains(stays.label()).doesNotContain(goes.label());
  }

  @Test
  void the_newest_verified_archive_stays_however_old_it_is() {
    RetainableArchive only = verified("2001-01-01T00:00:00Z");

    for (RetentionPolicy policy :
        List.of(
            RetentionPolicy.keepWithin(Duration.ofHours(1)),
            RetentionPolicy.keepLast(1),
            RetentionPolicy.daily(1, ZoneOffset.UTC))) {
      assertThat(policy.plan(List.of(only), NOW).kept()).containsExactly(only.label());
    }
  }

  @Test
  void rules_that_keep_nothing_are_refused() {
    assertThatThrownBy(() -> RetentionPolicy.keepLast(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("keepLast(0) keeps nothing; the smallest number is 1");
    assertThatThrownBy(() -> RetentionPolicy.keepWithin(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RetentionPolicy.keepWithin(Duration.ofDays(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RetentionPolicy.weekly(-1, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weekly(-1) keeps nothing; the smallest number is 1");
  }

  @Test
  void keeps_what_is_within_a_time_of_the_newest() {
    RetentionPlan plan = RetentionPolicy.keepWithin(Duration.ofDays(3)).plan(nights(6), NOW);

    assertThat(plan.kept()).isEqualTo(labels(nights(6).subList(0, 4)));
    assertThat(plan.decisions().get(3).reason()).isEqualTo("within 3 days of the newest");
  }

  @Test
  void a_clock_that_jumps_ahead_does_not_make_archives_old() {
    Instant wrong = Instant.parse("2099-01-01T00:00:00Z");
    RetentionPolicy policy = RetentionPolicy.keepWithin(Duration.ofDays(30));
    List<RetainableArchive> archives =
        with(nights(5), verified("2099-01-01T00:00:00Z"), verified("2099-01-02T00:00:00Z"));

    assertThat(policy.plan(nights(5), wrong).deleted()).isEmpty();
    assertThat(policy.plan(archives, wrong.plus(Duration.ofDays(2))).deleted()).isEmpty();
  }

  @Test
  void archives_go_on_ageing_after_a_pause() {
    List<RetainableArchive> archives =
        List.of(
            verified("2026-11-22T01:00:00Z"),
            verified("2026-11-15T01:00:00Z"),
            verified("2026-01-10T01:00:00Z"),
            verified("2026-01-05T01:00:00Z"),
            verified("2026-01-01T01:00:00Z"));

    RetentionPlan plan = RetentionPolicy.keepWithin(Duration.ofDays(13)).plan(archives, NOW);

    assertThat(plan.deleted()).containsExactly(archives.get(4).label());
    assertThat(reason(plan, archives.get(1))).isEqualTo("within 13 days of the newest");
    assertThat(reason(plan, archives.get(3)))
        .isEqualTo("within 13 days of the newest, not counting 309 days without any");
  }

  @Test
  void archives_from_the_future_stay_and_do_not_count() {
    List<RetainableArchive> future =
        List.of(verified("2099-01-01T00:00:00Z"), verified("2099-01-02T00:00:00Z"));
    List<RetainableArchive> archives = with(nights(3), future.get(0), future.get(1));

    RetentionPlan plan = RetentionPolicy.keepLast(2).plan(archives, NOW);

    assertThat(plan.deleted()).isEqualTo(labels(nights(3).subList(2, 3)));
    assertThat(reason(plan, future.get(0)))
        .isEqualTo("captured at 2099-01-01T00:00:00Z, later than now: a clock is wrong");
  }

  @Test
  void what_was_published_last_stays_though_the_clock_was_set_back_and_pushes_nothing_out() {
    List<RetainableArchive> archives =
        List.of(
            numbered(verified("2026-11-20T01:00:00Z"), 1),
            numbered(verified("2026-11-21T01:00:00Z"), 2),
            numbered(verified("2001-01-01T00:00:00Z"), 3),
            numbered(verified("2001-01-02T00:00:00Z"), 4),
            numbered(unverified("2001-01-03T00:00:00Z"), 5));

    RetentionPlan plan = RetentionPolicy.keepLast(1).plan(archives, NOW);

    assertThat(plan.kept())
        .isEqualTo(labels(List.of(archives.get(1), archives.get(4), archives.get(3))));
    assertThat(reason(plan, archives.get(3)))
        .isEqualTo("published last, though a clock says otherwise");
  }

  @Test
  void nothing_is_deleted_when_the_clock_falls_back_to_its_epoch() {
    assertThat(RetentionPolicy.keepLast(1).plan(nights(20), Instant.EPOCH).deleted()).isEmpty();
  }

  @Test
  void keeps_the_last_of_each_day_that_has_one() {
    RetainableArchive morning = verified("2026-11-20T06:00:00Z");
    RetainableArchive evening = verified("2026-11-20T18:00:00Z");
    RetainableArchive earlier = verified("2026-11-01T06:00:00Z");
    RetainableArchive tooEarly = verified("2026-10-31T06:00:00Z");

    RetentionPlan plan =
        RetentionPolicy.daily(2, ZoneOffset.UTC)
            .plan(List.of(morning, evening, earlier, tooEarly), NOW);

    assertThat(plan.kept()).containsExactly(evening.label(), earlier.label());
    assertThat(reason(plan, earlier)).isEqualTo("last of 2026-11-01, 2nd of 2 days");
  }

  @Test
  void a_day_is_one_of_the_zone() {
    // 00:30 on the 21st in Copenhagen
    RetainableArchive late = verified("2026-11-20T23:30:00Z");
    RetainableArchive later = verified("2026-11-21T12:00:00Z");

    assertThat(RetentionPolicy.daily(5, COPENHAGEN).plan(List.of(late, later), NOW).kept())
        .containsExactly(later.label());
    assertThat(RetentionPolicy.daily(5, ZoneOffset.UTC).plan(List.of(late, later), NOW).kept())
        .containsExactly(later.label(), late.label());
  }

  @Test
  void a_week_begins_on_monday_and_may_cross_the_year() {
    RetainableArchive thursday = verified("2026-12-31T12:00:00Z");
    RetainableArchive sunday = verified("2027-01-03T12:00:00Z");
    RetainableArchive monday = verified("2027-01-04T12:00:00Z");

    RetentionPlan plan =
        RetentionPolicy.weekly(4, ZoneOffset.UTC)
            .plan(List.of(thursday, sunday, monday), Instant.parse("2027-01-05T00:00:00Z"));

    assertThat(plan.kept()).containsExactly(monday.label(), sunday.label());
    assertThat(reason(plan, sunday)).isEqualTo("last of 2026-W53, 2nd of 4 weeks");
  }

  @Test
  void keeps_one_a_month_and_one_a_year() {
    List<RetainableArchive> archives =
        List.of(
            verified("2026-11-20T01:00:00Z"),
            verified("2026-11-02T01:00:00Z"),
            verified("2026-10-31T01:00:00Z"),
            verified("2025-12-31T01:00:00Z"),
            verified("2025-01-01T01:00:00Z"));

    RetentionPlan plan =
        RetentionPolicy.monthly(2, ZoneOffset.UTC)
            .or(RetentionPolicy.yearly(5, ZoneOffset.UTC))
            .plan(archives, NOW);

    assertThat(plan.kept())
        .isEqualTo(labels(List.of(archives.get(0), archives.get(2), archives.get(3))));
    assertThat(reason(plan, archives.get(0)))
        .isEqualTo("last of 2026-11, 1st of 2 months; last of 2026, 1st of 5 years");
    assertThat(reason(plan, archives.get(4)))
        .isEqualTo("none of the last of each of 2 months, the last of each of 5 years");
  }

  @Test
  void safety_archives_have_rules_of_their_own() {
    List<RetainableArchive> safety =
        List.of(
            safety("2026-11-21T01:00:00Z"),
            safety("2026-11-10T01:00:00Z"),
            safety("2026-09-05T01:00:00Z"),
            safety("2026-09-01T01:00:00Z"),
            safety("2026-07-31T01:00:00Z"));
    List<RetainableArchive> archives = with(nights(8), safety.toArray(RetainableArchive[]::new));

    RetentionPlan standard = RetentionPolicy.keepLast(7).plan(archives, NOW);
    RetentionPlan strict =
        RetentionPolicy.keepLast(7).withSafety(RetentionPolicy.keepLast(1)).plan(archives, NOW);

    assertThat(standard.deleted())
        .containsExactlyInAnyOrder(nights(8).get(7).label(), safety.get(4).label());
    assertThat(strict.deleted())
        .contains(nights(8).get(7).label(), safety.get(1).label())
        .hasSize(5);
  }

  @Test
  void what_either_policy_keeps_of_safety_archives_stays() {
    List<RetainableArchive> archives =
        List.of(safety("2026-11-21T01:00:00Z"), safety("2026-01-21T01:00:00Z"));
    RetentionPolicy strict = RetentionPolicy.keepLast(7).withSafety(RetentionPolicy.keepLast(1));

    assertThat(strict.plan(archives, NOW).deleted()).hasSize(1);
    assertThat(strict.or(RetentionPolicy.keepLast(3)).plan(archives, NOW).deleted()).isEmpty();
  }

  @Test
  void archives_of_one_instant_are_told_apart_by_their_labels() {
    RetainableArchive first = verified("2026-11-20T01:00:00Z");
    RetainableArchive second =
        Retainables.of(first.label().next(), first.capturedAt(), Purpose.BACKUP, true);

    RetentionPolicy policy = RetentionPolicy.keepLast(1);

    assertThat(policy.plan(List.of(first, second), NOW).kept()).containsExactly(second.label());
    assertThat(policy.plan(List.of(second, first), NOW).kept()).containsExactly(second.label());
  }

  @Test
  void a_plan_is_for_one_tenant() {
    RetainableArchive mine = verified("2026-11-20T01:00:00Z");
    RetainableArchive yours =
        new RetainableArchive(
            mine.label().next(),
            Optional.of(TenantId.of(7)),
            mine.capturedAt(),
            Purpose.BACKUP,
            true,
            false,
            Lack.NOTHING,
            OptionalLong.empty());

    assertThatThrownBy(() -> RetentionPolicy.DEFAULT.plan(List.of(mine, yours), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[tenant 42, tenant 7]");
    assertThatThrownBy(() -> RetentionPolicy.DEFAULT.plan(List.of(mine, mine), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(mine.label().value());
  }

  @Test
  void says_what_it_keeps() {
    RetentionPolicy policy =
        RetentionPolicy.keepLast(7).or(RetentionPolicy.keepWithin(Duration.ofHours(36)));

    assertThat(policy)
        .hasToString(
            "the last 7, those within 36 hours of the newest; of safety archives the last 3, those"
                + " within 30 days of the newest");
  }
}
