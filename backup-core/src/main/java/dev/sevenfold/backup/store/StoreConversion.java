package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.SameBytes;
import dev.sevenfold.backup.store.FolderLayout.Kind;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Moves the archives of a folder's root into the folders of their owners. At every moment an
 * archive is whole in one of the two places, and a record of it beside it or in the folder that it
 * moves to; so whoever is killed here has done no harm, and whoever comes next goes on.
 * Thread-safe.
 */
final class StoreConversion {

  private final Folder folder;
  private final FolderLayout layout;
  private final FolderRecords records;
  private final LabelLocks locks;

  StoreConversion(Folder folder, FolderLayout layout, FolderRecords records, LabelLocks locks) {
    this.folder = folder;
    this.layout = layout;
    this.records = records;
    this.locks = locks;
  }

  /** Moves all; gives the labels of what was moved. */
  List<Label> run() throws IOException {
    layout.beginConversion();
    // Whoever holds a lock may have seen the folder before it was to be converted, and put a new
    // archive into the root still.
    for (Label locked : labels(ArchiveFileName::labelOfLock)) {
      locks.awaiting(locked, () -> {});
    }
    Set<Label> labels = labels(ArchiveFileName::labelOf);
    labels.addAll(labels(ArchiveFileName::labelOfRecord));
    List<Label> moved = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Label label : labels) {
      locks.awaiting(
          label,
          () -> {
            if (move(label, left)) {
              moved.add(label);
            }
          });
    }
    layout.endConversion();
    if (!left.isEmpty()) {
      throw new OperationFailed(
          "%s was converted, but other archives have the labels of %s: those stay where they are, and are not listed"
              .formatted(folder.describe(), String.join(", ", left)),
          "Give each file a label of its own (rename it), then convert the store again");
    }
    return List.copyOf(moved);
  }

  /** What names something. */
  @FunctionalInterface
  private interface Naming {
    Optional<Label> labelOf(String name);
  }

  private Set<Label> labels(Naming naming) throws IOException {
    Set<Label> labels = new TreeSet<>();
    folder
        .list(FolderLayout.ROOT, name -> naming.labelOf(name).isPresent())
        .keySet()
        .forEach(name -> naming.labelOf(name).ifPresent(labels::add));
    return labels;
  }

  /** Moves what the root has of a label, whose lock the caller holds. */
  void move(Label label) throws IOException {
    move(label, new ArrayList<>());
  }

  /**
   * Moves what the root has of a label.
   *
   * @param left hears of files that another one is in the way of
   * @return whether there was an archive to move
   */
  private boolean move(Label label, List<String> left) throws IOException {
    String place = Kind.BY_OWNER.placeOfNew(label);
    String record = ArchiveFileName.recordOf(label);
    List<String> files =
        ArchiveFileName.SUFFIXES.stream().map(suffix -> label.value() + suffix).toList();
    Map<String, Folder.Entry> there =
        folder.stat(
            Stream.concat(
                    files.stream().flatMap(file -> Stream.of(file, place + file)),
                    Stream.of(record))
                .toList());
    List<String> inRoot =
        files.stream()
            .filter(file -> there.containsKey(file) && there.get(file).regular())
            .toList();
    boolean inPlace = files.stream().anyMatch(file -> there.containsKey(place + file));
    boolean moved =
        !inRoot.isEmpty()
            && (inPlace
                // Somebody was killed before the file was removed from the root.
                ? isSame(inRoot.get(0), place + inRoot.get(0), there)
                : link(label, inRoot.get(0), place, there.get(record)));
    left.addAll(inRoot.subList(moved ? 1 : 0, inRoot.size()));
    if (moved || (inPlace && inRoot.isEmpty())) {
      if (there.containsKey(record) && there.get(record).regular()) {
        records.delete("", label);
      }
      if (moved) {
        folder.remove(inRoot.get(0));
      }
      folder.sync(record);
    }
    return moved;
  }

  private boolean link(Label label, String file, String place, Folder.@Nullable Entry record)
      throws IOException {
    records.carry("", record, place, label);
    folder.linkNew(file, place + file);
    folder.sync(place + file);
    return true;
  }

  private boolean isSame(String one, String other, Map<String, Folder.Entry> files)
      throws IOException {
    Folder.Entry file = files.get(one);
    Folder.Entry there = files.get(other);
    if (file == null || there == null || !there.regular()) {
      return false;
    }
    long size = file.sizeBytes();
    if (there.sizeBytes() != size) {
      return false;
    }
    try (InputStream left = folder.openAt(one, 0, size);
        InputStream right = folder.openAt(other, 0, size)) {
      if (!SameBytes.in(left, right)) {
        return false;
      }
    }
    folder.sync(other);
    return true;
  }
}
