package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.retention.RetentionPlan.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides on archives that were made for one purpose. Used once. */
final class RetentionPlanner {

  private final List<RetentionRule> rules;
  private final List<RetainableArchive> newestFirst;
  private final Instant now;
  private final List<RetainableArchive> counted;

  RetentionPlanner(List<RetentionRule> rules, List<RetainableArchive> archives, Instant now) {
    this.rules = rules;
    this.newestFirst = archives.stream().sorted(RetainableArchive.NEWEST_FIRST).toList();
    this.now = now;
    this.counted = newestFirst.stream().filter(this::counts).toList();
  }

  private boolean counts(RetainableArchive archive) {
    return archive.proven() && !archive.pinned() && !isFromTheFuture(archive);
  }

  private boolean isFromTheFuture(RetainableArchive archive) {
    return archive.capturedAt().isAfter(now);
  }

  List<Decision> decide() {
    Map<RetainableArchive, String> kept = keep(counted);
    return newestFirst.stream().map(archive -> decide(archive, kept)).toList();
  }

  private Decision decide(RetainableArchive archive, Map<RetainableArchive, String> kept) {
    if (archive.pinned()) {
      return Decision.keep(archive, "pinned");
    }
    if (isFromTheFuture(archive)) {
      return Decision.keep(
          archive, "captured at " + archive.capturedAt() + ", later than now: a clock is wrong");
    }
    if (!archive.proven()) {
      return decideUnproven(archive);
    }
    String reason = kept.get(archive);
    if (reason != null) {
      return Decision.keep(archive, reason);
    }
    if (archive.equals(counted.get(0))) {
      // Every rule keeps it already. It is too important to depend on that.
      return Decision.keep(archive, "the newest proven archive always stays");
    }
    if (isLastPublished(archive)) {
      // Rules go by the instants. An undo does not: it must not find an older one in its place.
      return Decision.keep(archive, "published last, though a clock says otherwise");
    }
    return Decision.delete(archive, "none of " + RetentionPolicy.words(rules));
  }

  /** Of all, or of those that count. */
  private boolean isLastPublished(RetainableArchive archive) {
    return Stream.of(newestFirst, counted)
        .flatMap(some -> some.stream().min(RetainableArchive.LAST_PUBLISHED_FIRST).stream())
        .anyMatch(archive::equals);
  }

  private Decision decideUnproven(RetainableArchive archive) {
    if (counted.isEmpty()) {
      return Decision.keep(archive, "not proven, but no other one is");
    }
    if (!archive.capturedAt().isBefore(counted.get(0).capturedAt()) || isLastPublished(archive)) {
      return Decision.keep(archive, "not proven, but not older than the newest proven one");
    }
    return reasonIfProven(archive)
        .map(reason -> Decision.keep(archive, "not proven; if it were: " + reason))
        .orElseGet(
            () ->
                Decision.delete(
                    archive, "not proven, and none of " + RetentionPolicy.words(rules)));
  }

  /** Why the archive would stay if it counted. It does not push any other one out. */
  private Optional<String> reasonIfProven(RetainableArchive archive) {
    List<RetainableArchive> withArchive = new ArrayList<>(counted);
    withArchive.add(archive);
    withArchive.sort(RetainableArchive.NEWEST_FIRST);
    return Optional.ofNullable(keep(withArchive).get(archive));
  }

  private Map<RetainableArchive, String> keep(List<RetainableArchive> archives) {
    Map<RetainableArchive, String> kept = new LinkedHashMap<>();
    for (RetentionRule rule : rules) {
      rule.keep(archives)
          .forEach((archive, reason) -> kept.merge(archive, reason, (a, b) -> a + "; " + b));
    }
    return kept;
  }
}
