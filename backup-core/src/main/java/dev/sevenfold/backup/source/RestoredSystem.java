package dev.sevenfold.backup.source;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A system that is back in its place. Immutable.
 *
 * @param places where each part is, by the name that the host gave it; rebuilt databases too,
 *     though nothing may be there
 * @param replaced where the files are that were there before, a folder on each file system that had
 *     any; empty if nothing was there, or if they were not to be kept
 * @param notes what a person should know
 */
public record RestoredSystem(Map<String, Path> places, List<Path> replaced, List<String> notes) {

  /** Copies the collections. */
  public RestoredSystem {
    places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    replaced = List.copyOf(replaced);
    notes = List.copyOf(notes);
  }
}
