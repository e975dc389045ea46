package dev.sevenfold.backup.source;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A system that is back in its place. Immutable.
 *
 * @param places where each part is, by the name that the host gave it; rebuilt databases too,
 *     though nothing may be there
 * @param replaced where the files are that were there before; empty if nothing was, or if they were
 *     not to be kept
 * @param notes what a person should know
 */
public record RestoredSystem(
    Map<String, Path> places, Optional<Path> replaced, List<String> notes) {

  /** Requires all parts and copies the collections. */
  public RestoredSystem {
    places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    Objects.requireNonNull(replaced, "replaced");
    notes = List.copyOf(notes);
  }
}
