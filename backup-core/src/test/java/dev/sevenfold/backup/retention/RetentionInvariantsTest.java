package dev.sevenfold.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.retention.RetentionPlan.Action;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for any archives, any policy and any clock. */
class RetentionInvariantsTest {

  private static final int RUNS = 2_000;
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final ZoneId ZONE = ZoneId.of("Europe/Copenhagen");

  /** One random situation. The seed in a failure's message makes it again. */
  private record Scene(
      long seed, RetentionPolicy policy, List<RetainableArchive> archives, Instant now) {

    RetentionPlan plan() {
      return policy.plan(archives, now);
    }

    /** The archives that would be left if the plan were applied. */
    List<RetainableArchive> applied() {
      Set<Label> kept = Set.copyOf(plan().kept());
      return archives.stream().filter(archive -> kept.contains(archive.label())).toList();
    }
  }

  @FunctionalInterface
  private interface Invariant {
    void check(Scene scene, Random random);
  }

  private static void holds(Invariant invariant) {
    for (long seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      Scene scene = scene(seed, random);
      try {
        invariant.check(scene, random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "Seed " + seed + ", " + scene.policy() + ", now " + scene.now() + "\n" + scene.plan(),
            e);
      }
    }
  }

  private static Scene scene(long seed, Random random) {
    return new Scene(seed, policy(random), archives(random), now(random));
  }

  private static RetentionPolicy policy(Random random) {
    RetentionPolicy policy = rule(random);
    for (int more = random.nextInt(3); more > 0; more--) {
      policy = policy.or(rule(random));
    }
    return random.nextBoolean() ? policy : policy.withSafety(rule(random));
  }

  private static RetentionPolicy rule(Random random) {
    int count = 1 + random.nextInt(6);
    return switch (random.nextInt(6)) {
      case 0 -> RetentionPolicy.keepLast(count);
      case 1 -> RetentionPolicy.keepWithin(Duration.ofHours(1 + random.nextInt(1_000)));
      case 2 -> RetentionPolicy.daily(count, ZONE);
      case 3 -> RetentionPolicy.weekly(count, ZONE);
      case 4 -> RetentionPolicy.monthly(count, ZONE);
      default -> RetentionPolicy.yearly(count, ZONE);
    };
  }

  private static List<RetainableArchive> archives(Random random) {
    List<RetainableArchive> archives = new ArrayList<>();
    Set<Label> labels = new HashSet<>();
    int spread = 1 + random.nextInt(random.nextBoolean() ? 50 : 20_000);
    for (int n = random.nextInt(25); n > 0; n--) {
      Instant capturedAt = NOW.minus(Duration.ofHours(random.nextInt(spread)));
      if (random.nextInt(20) == 0) {
        capturedAt = NOW.plus(Duration.ofHours(random.nextInt(spread)));
      }
      archives.add(archive(random, capturedAt, labels));
    }
    return archives;
  }

  private static RetainableArchive archive(Random random, Instant capturedAt, Set<Label> labels) {
    boolean safety = random.nextInt(4) == 0;
    TenantLabeler labeler = TenantLabeler.utc();
    Label label =
        safety
            ? labeler.safety(Retainables.TENANT, capturedAt)
            : labeler.backup(Retainables.TENANT, capturedAt);
    while (!labels.add(label)) {
      label = label.next();
    }
    return new RetainableArchive(
        label,
        Optional.of(Retainables.TENANT),
        capturedAt,
        safety ? Purpose.SAFETY : Purpose.BACKUP,
        random.nextInt(4) > 0,
        random.nextInt(8) == 0,
        lack(random),
        OptionalLong.empty());
  }

  private static Lack lack(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Lack.SOME;
      case 1 -> Lack.MOST;
      default -> Lack.NOTHING;
    };
  }

  private static Instant now(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> NOW.minus(Duration.ofHours(random.nextInt(20_000)));
      case 1 -> NOW.plus(Duration.ofHours(random.nextInt(20_000)));
      case 2 -> random.nextBoolean() ? Instant.EPOCH : Instant.parse("2262-01-01T00:00:00Z");
      default -> NOW;
    };
  }

  private static Optional<RetainableArchive> newestProven(
      List<RetainableArchive> archives, Purpose purpose) {
    return archives.stream()
        .filter(archive -> archive.verified() && archive.purpose() == purpose)
        .min(RetainableArchive.NEWEST_FIRST);
  }

  /** Those that may make others of this purpose go. */
  private static List<RetainableArchive> counting(Scene scene, Purpose purpose) {
    return scene.archives().stream()
        .filter(archive -> archive.purpose() == purpose && !archive.pinned())
        .filter(archive -> !archive.capturedAt().isAfter(scene.now()))
        .toList();
  }

  @Test
  void every_archive_is_decided_once_and_with_a_reason() {
    holds(
        (scene, random) -> {
          RetentionPlan plan = scene.plan();
          assertThat(plan.decisions().stream().map(RetentionPlan.Decision::archive))
              .containsExactlyInAnyOrderElementsOf(scene.archives())
              .isSortedAccordingTo(RetainableArchive.NEWEST_FIRST);
          assertThat(plan.decisions()).noneMatch(decision -> decision.reason().isBlank());
          assertThat(Collections.disjoint(plan.kept(), plan.deleted())).isTrue();
        });
  }

  @Test
  void the_newest_verified_archive_of_each_purpose_stays() {
    holds(
        (scene, random) -> {
          for (Purpose purpose : Purpose.values()) {
            newestProven(scene.archives(), purpose)
                .ifPresent(newest -> assertThat(scene.plan().kept()).contains(newest.label()));
          }
        });
  }

  @Test
  void pinned_archives_stay() {
    holds(
        (scene, random) ->
            assertThat(scene.applied())
                .containsAll(scene.archives().stream().filter(a -> a.pinned()).toList()));
  }

  @Test
  void nothing_is_deleted_where_nothing_is_verified_that_lacks_no_more() {
    holds(
        (scene, random) -> {
          for (RetentionPlan.Decision decision : scene.plan().decisions()) {
            RetainableArchive archive = decision.archive();
            if (decision.action() == Action.DELETE) {
              assertThat(counting(scene, archive.purpose()))
                  .anyMatch(other -> other.verified() && lacksNoMore(other, archive));
            }
          }
        });
  }

  @Test
  void nothing_goes_without_a_newer_one_that_is_as_good() {
    holds(
        (scene, random) -> {
          for (RetentionPlan.Decision decision : scene.plan().decisions()) {
            RetainableArchive archive = decision.archive();
            if (decision.action() == Action.DELETE) {
              assertThat(counting(scene, archive.purpose()))
                  .anyMatch(
                      other ->
                          (other.verified() || !archive.verified())
                              && lacksNoMore(other, archive)
                              && RetainableArchive.NEWEST_FIRST.compare(other, archive) < 0);
            }
          }
        });
  }

  private static boolean lacksNoMore(RetainableArchive one, RetainableArchive other) {
    return one.lack().compareTo(other.lack()) <= 0;
  }

  @Test
  void archives_that_lack_files_change_nothing_for_those_that_have_them() {
    holds(
        (scene, random) -> {
          List<RetainableArchive> whole =
              scene.archives().stream().filter(a -> a.lack() == Lack.NOTHING).toList();
          List<Label> alone = scene.policy().plan(whole, scene.now()).kept();

          assertThat(scene.plan().kept()).containsAll(alone);
        });
  }

  @Test
  void every_kind_is_bounded_once_one_that_lacks_nothing_is_verified() {
    holds(
        (scene, random) -> {
          int count = 1 + random.nextInt(4);
          RetentionPolicy policy =
              RetentionPolicy.keepLast(count).withSafety(RetentionPolicy.keepLast(count));
          List<Label> kept = policy.plan(scene.archives(), scene.now()).kept();
          for (Purpose purpose : Purpose.values()) {
            List<RetainableArchive> counting = counting(scene, purpose);
            if (counting.stream().noneMatch(a -> a.verified() && a.lack() == Lack.NOTHING)) {
              continue;
            }
            for (Lack lack : Lack.values()) {
              for (boolean verified : List.of(true, false)) {
                assertThat(
                        counting.stream()
                            .filter(a -> a.lack() == lack && a.verified() == verified)
                            .filter(a -> kept.contains(a.label())))
                    .hasSizeLessThanOrEqualTo(count);
              }
            }
          }
        });
  }

  @Test
  void a_clock_that_jumps_back_makes_nothing_go() {
    holds(
        (scene, random) -> {
          Instant earlier = scene.now().minus(Duration.ofHours(random.nextInt(30_000)));
          assertThat(scene.policy().plan(scene.archives(), earlier).kept())
              .containsAll(scene.plan().kept());
        });
  }

  @Test
  void a_clock_that_jumps_ahead_makes_only_archives_from_the_future_count() {
    holds(
        (scene, random) -> {
          List<RetainableArchive> past =
              scene.archives().stream().filter(a -> !a.capturedAt().isAfter(scene.now())).toList();
          Instant later = scene.now().plus(Duration.ofHours(random.nextInt(1_000_000)));
          assertThat(scene.policy().plan(past, later).kept())
              .isEqualTo(scene.policy().plan(past, scene.now()).kept());
        });
  }

  @Test
  void planning_again_after_applying_deletes_nothing() {
    holds(
        (scene, random) ->
            assertThat(scene.policy().plan(scene.applied(), scene.now()).deleted()).isEmpty());
  }

  @Test
  void what_stays_still_stays_when_a_part_of_the_plan_was_applied() {
    holds(
        (scene, random) -> {
          RetentionPlan plan = scene.plan();
          Set<Label> gone =
              plan.deleted().stream()
                  .filter(label -> random.nextBoolean())
                  .collect(Collectors.toSet());
          List<RetainableArchive> left =
              scene.archives().stream().filter(a -> !gone.contains(a.label())).toList();

          assertThat(scene.policy().plan(left, scene.now()).kept()).containsAll(plan.kept());
        });
  }

  @Test
  void keep_last_keeps_exactly_as_many_as_there_are() {
    holds(
        (scene, random) -> {
          int count = 1 + random.nextInt(8);
          List<RetainableArchive> counting =
              scene.archives().stream()
                  .filter(a -> a.verified() && !a.pinned() && a.purpose() == Purpose.BACKUP)
                  .filter(a -> a.lack() == Lack.NOTHING)
                  .filter(a -> !a.capturedAt().isAfter(scene.now()))
                  .sorted(RetainableArchive.NEWEST_FIRST)
                  .toList();
          List<Label> kept =
              RetentionPolicy.keepLast(count).plan(scene.archives(), scene.now()).kept();

          assertThat(counting.stream().map(RetainableArchive::label).filter(kept::contains))
              .containsExactlyElementsOf(
                  counting.stream().limit(count).map(RetainableArchive::label).toList());
        });
  }

  @Test
  void one_more_archive_never_leaves_nothing() {
    holds(
        (scene, random) -> {
          Set<Label> labels =
              scene.archives().stream().map(RetainableArchive::label).collect(Collectors.toSet());
          List<RetainableArchive> more = new ArrayList<>(scene.archives());
          more.add(archive(random, NOW.minus(Duration.ofHours(random.nextInt(5_000))), labels));

          assertThat(scene.policy().plan(more, scene.now()).kept()).isNotEmpty();
        });
  }

  @Test
  void one_more_rule_only_keeps_more() {
    holds(
        (scene, random) ->
            assertThat(scene.policy().or(rule(random)).plan(scene.archives(), scene.now()).kept())
                .containsAll(scene.plan().kept()));
  }

  @Test
  void proving_an_archive_that_stays_does_not_make_it_go() {
    holds(
        (scene, random) -> {
          List<RetainableArchive> kept = scene.applied();
          if (!kept.isEmpty()) {
            RetainableArchive archive = kept.get(random.nextInt(kept.size()));
            // Of two that were captured at one instant, the label decides, once both are verified.
            if (scene.archives().stream()
                .noneMatch(a -> !a.equals(archive) && isOfOneInstant(a, archive))) {
              assertThat(scene.policy().plan(proving(archive, scene), scene.now()).kept())
                  .contains(archive.label());
            }
          }
        });
  }

  private static boolean isOfOneInstant(RetainableArchive one, RetainableArchive other) {
    return one.capturedAt().equals(other.capturedAt());
  }

  private static List<RetainableArchive> proving(RetainableArchive archive, Scene scene) {
    List<RetainableArchive> changed = new ArrayList<>(scene.archives());
    changed.remove(archive);
    changed.add(
        new RetainableArchive(
            archive.label(),
            archive.tenant(),
            archive.capturedAt(),
            archive.purpose(),
            true,
            archive.pinned(),
            archive.lack(),
            archive.sequence()));
    return changed;
  }
}
