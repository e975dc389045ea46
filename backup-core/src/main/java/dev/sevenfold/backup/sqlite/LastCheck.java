package dev.sevenfold.backup.sqlite;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was last found of a whole database, for all tenants at once, whatever process looked.
 * Thread-safe.
 *
 * @param <T> what was found
 */
final class LastCheck<T> {

  private static final Duration FRESH = Duration.ofDays(1);

  /** How findings are noted. */
  interface Form<T> {
    /** On one line; empty if the next process has to look for itself. */
    Optional<String> write(T what);

    /** Empty if the line is not one that was written. */
    Optional<T> read(Instant at, String line);
  }

  /**
   * What a look at all of it found. Immutable.
   *
   * @param version of what: of the schema, and of whatever else it depends on
   */
  record Found<T>(Instant at, String version, T what) {

    boolean isFresh(Instant now, String versionNow) {
      return version.equals(versionNow) && !at.isAfter(now) && at.isAfter(now.minus(FRESH));
    }
  }

  private final String kind;
  private final Optional<CheckedNote> note;
  private final Form<T> form;
  private Optional<Found<T>> last = Optional.empty();

  LastCheck(String kind, Optional<CheckedNote> note, Form<T> form) {
    this.kind = kind;
    this.note = note;
    this.form = form;
  }

  /** What was found last, however old it is. */
  synchronized Optional<Found<T>> known() {
    Optional<Found<T>> noted =
        note.flatMap(kept -> kept.read(kind))
            .flatMap(
                line ->
                    form.read(line.at(), line.what())
                        .map(what -> new Found<>(line.at(), line.version(), what)));
    return last.isPresent() && (noted.isEmpty() || !noted.get().at().isAfter(last.get().at()))
        ? last
        : noted;
  }

  synchronized void keep(Found<T> found) {
    last = Optional.of(found);
    Optional<String> line = form.write(found.what());
    note.ifPresent(
        kept ->
            line.ifPresentOrElse(
                what -> kept.write(kind, new CheckedNote.Line(found.at(), found.version(), what)),
                () -> kept.forget(kind)));
  }
}
