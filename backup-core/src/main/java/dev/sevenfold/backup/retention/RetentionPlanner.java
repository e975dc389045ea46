package dev.sevenfold.backup.retention;

import dev.sevenfold.backup.retention.RetentionPlan.Decision;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Decides on archives that were made for one purpose. Each is decided on among its rivals: those
 * that may push it out, and it itself. A rival lacks no more than the archive, and is verified if
 * the archive is. So what is verified is bounded, and beside it what is not; what holds everything,
 * and beside it what lacks files. Used once.
 */
final class RetentionPlanner {

  /** Archives that have the same rivals. */
  private record Kind(boolean verified, Lack lack) {

    private boolean hasRival(RetainableArchive other) {
      return (other.verified() || !verified) && lacksNoMore(other);
    }

    private boolean lacksNoMore(RetainableArchive other) {
      return other.lack().compareTo(lack) <= 0;
    }
  }

  private final List<RetentionRule> rules;
  private final List<RetainableArchive> newestFirst;
  private final Instant now;
  private final List<RetainableArchive> rivals;
  private final List<RetainableArchive> counted;
  private final Map<Kind, Map<RetainableArchive, String>> keptByKind = new HashMap<>();

  RetentionPlanner(List<RetentionRule> rules, List<RetainableArchive> archives, Instant now) {
    this.rules = rules;
    this.newestFirst = archives.stream().sorted(RetainableArchive.NEWEST_FIRST).toList();
    this.now = now;
    this.rivals =
        newestFirst.stream()
            .filter(archive -> !archive.pinned() && !isFromTheFuture(archive))
            .toList();
    this.counted = rivals.stream().filter(RetainableArchive::verified).toList();
  }

  private boolean isFromTheFuture(RetainableArchive archive) {
    return archive.capturedAt().isAfter(now);
  }

  List<Decision> decide() {
    return newestFirst.stream().map(this::decide).toList();
  }

  private Decision decide(RetainableArchive archive) {
    if (archive.pinned()) {
      return Decision.keep(archive, "pinned");
    }
    if (isFromTheFuture(archive)) {
      return Decision.keep(
          archive, "captured at " + archive.capturedAt() + ", later than now: a clock is wrong");
    }
    Kind kind = new Kind(archive.verified(), archive.lack());
    if (counted.isEmpty()) {
      return Decision.keep(archive, "not verified, but no other one is");
    }
    if (!archive.verified() && counted.stream().noneMatch(kind::lacksNoMore)) {
      return Decision.keep(archive, "not verified, but no other one is that lacks no more files");
    }
    String but = (archive.verified() ? "" : "not verified; ") + lacking(archive);
    String reason = keptByKind.computeIfAbsent(kind, this::keep).get(archive);
    if (reason != null) {
      return Decision.keep(archive, but + reason);
    }
    if (archive.equals(counted.get(0))) {
      // Every rule keeps it already. It is too important to depend on that.
      return Decision.keep(archive, "the newest verified archive always stays");
    }
    if (isLastPublished(archive)) {
      // Rules go by the instants. An undo does not: it must not find an older one in its place.
      return Decision.keep(archive, "published last, though a clock says otherwise");
    }
    return Decision.delete(archive, but + "none of " + RetentionPolicy.words(rules));
  }

  /** Of all, or of those that count. */
  private boolean isLastPublished(RetainableArchive archive) {
    return Stream.of(newestFirst, counted)
        .flatMap(some -> some.stream().min(RetainableArchive.LAST_PUBLISHED_FIRST).stream())
        .anyMatch(archive::equals);
  }

  private static String lacking(RetainableArchive archive) {
    return switch (archive.lack()) {
      case NOTHING -> "";
      case SOME -> "lacks files; ";
      case MOST -> "lacks most of what it should hold; ";
    };
  }

  private Map<RetainableArchive, String> keep(Kind kind) {
    List<RetainableArchive> among = rivals.stream().filter(kind::hasRival).toList();
    Map<RetainableArchive, String> kept = new LinkedHashMap<>();
    for (RetentionRule rule : rules) {
      rule.keep(among)
          .forEach((archive, reason) -> kept.merge(archive, reason, (a, b) -> a + "; " + b));
    }
    return kept;
  }
}
