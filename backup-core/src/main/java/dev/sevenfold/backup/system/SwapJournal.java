package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a restore is about to do, in a small text file beside what it does it with; so that whoever
 * comes after a kill knows what is old and what is new. All paths in it are relative to the
 * system's folder. Immutable.
 *
 * @param state how far it is
 * @param places the parts of the system
 * @param moves the places that change
 * @param late folders that are finished when the new ones stay
 */
public record SwapJournal(
    State state, List<SystemPlace> places, List<Move> moves, List<LateFolder> late) {

  private static final int OCTAL = 8;

  /** How far a restore is. */
  public enum State {
    /** Places may be old, new or empty: whoever comes next brings the old ones back. */
    SWAPPING,
    /** All places are new, and the host is asked about them: whoever comes next asks again. */
    CHECKING,
    /** The new ones stay: whoever comes next tidies up. */
    DONE
  }

  public SwapJournal {
    places = List.copyOf(places);
    moves = List.copyOf(moves);
    late = List.copyOf(late);
  }

  SwapJournal at(State next) {
    return new SwapJournal(next, places, moves, late);
  }

  void write(DurableFiles disk, Path directory, Path file) throws IOException {
    Properties all = new Properties();
    all.setProperty("state", state.name());
    for (int i = 0; i < places.size(); i++) {
      SystemPlace place = places.get(i);
      all.setProperty("place." + i + ".role", place.role().name());
      all.setProperty("place." + i + ".name", place.name());
      all.setProperty("place." + i + ".path", place.path());
    }
    for (int i = 0; i < moves.size(); i++) {
      Move move = moves.get(i);
      all.setProperty("move." + i + ".kind", move.kind().name());
      all.setProperty("move." + i + ".target", relative(directory, move.target()));
      all.setProperty("move." + i + ".hadOld", Boolean.toString(move.hadOld()));
      all.setProperty("move." + i + ".old", relative(directory, move.old()));
      if (move.fresh() != null) {
        all.setProperty("move." + i + ".fresh", relative(directory, move.fresh()));
      }
    }
    for (int i = 0; i < late.size(); i++) {
      LateFolder folder = late.get(i);
      String key = "late." + i;
      all.setProperty(key + ".path", relative(directory, folder.path()));
      folder
          .mode()
          .ifPresent(mode -> all.setProperty(key + ".mode", Integer.toString(mode, OCTAL)));
      folder.modified().ifPresent(time -> all.setProperty(key + ".modified", time.toString()));
    }
    disk.write(file, all, "Sevenfold is restoring this folder. Do not delete this file.");
  }

  private static String relative(Path directory, Path path) {
    return directory.relativize(path).toString();
  }

  /** Reads a journal; empty if there is none. */
  static Optional<SwapJournal> read(Path directory, Path file) throws IOException {
    if (!DurableFiles.exists(file)) {
      return Optional.empty();
    }
    Properties all = DurableFiles.read(file);
    List<SystemPlace> places = new ArrayList<>();
    for (int i = 0; all.containsKey("place." + i + ".role"); i++) {
      places.add(
          new SystemPlace(
              SystemPlace.Role.valueOf(required(all, "place." + i + ".role")),
              required(all, "place." + i + ".name"),
              required(all, "place." + i + ".path")));
    }
    List<Move> moves = new ArrayList<>();
    for (int i = 0; all.containsKey("move." + i + ".kind"); i++) {
      @Nullable String fresh = all.getProperty("move." + i + ".fresh");
      moves.add(
          new Move(
              directory.resolve(required(all, "move." + i + ".target")),
              Move.Kind.valueOf(required(all, "move." + i + ".kind")),
              Boolean.parseBoolean(required(all, "move." + i + ".hadOld")),
              directory.resolve(required(all, "move." + i + ".old")),
              fresh == null ? null : directory.resolve(fresh)));
    }
    return Optional.of(
        new SwapJournal(
            State.valueOf(required(all, "state")), places, moves, lateFolders(all, directory)));
  }

  private static List<LateFolder> lateFolders(Properties all, Path directory) throws IOException {
    List<LateFolder> late = new ArrayList<>();
    for (int i = 0; all.containsKey("late." + i + ".path"); i++) {
      @Nullable String mode = all.getProperty("late." + i + ".mode");
      late.add(
          new LateFolder(
              directory.resolve(required(all, "late." + i + ".path")),
              mode == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(mode, OCTAL)),
              Optional.ofNullable(all.getProperty("late." + i + ".modified")).map(Instant::parse)));
    }
    return late;
  }

  private static String required(Properties all, String key) throws IOException {
    String value = all.getProperty(key);
    if (value == null) {
      throw new IOException("The journal has no " + key);
    }
    return value;
  }
}
