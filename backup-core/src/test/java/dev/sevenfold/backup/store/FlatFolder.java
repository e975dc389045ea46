package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A folder as a version before this one has left it, made by hand: all files right in it. */
final class FlatFolder {

  static final Label TENANT = Label.parse("tenant_7_20261122010100");
  static final Label SAFETY = Label.parse("safety_7_20261122020100-2");
  static final Label ODD = Label.parse("tenant_a%20b.c_2026-11-22");
  static final Label SYSTEM = Label.parse("system_20261122010100");

  static final List<Label> LABELS = List.of(SAFETY, SYSTEM, TENANT, ODD);

  private static final String PINNED = "{\"provenAt\":\"2026-11-22T01:02:03Z\",\"pinned\":true}\n";

  private FlatFolder() {}

  /** An archive of each kind; those of tenant 7 are pinned. */
  static Path at(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(TENANT + ".tar.gz"), content(TENANT));
    Files.writeString(folder.resolve(TENANT + ".marks.json"), PINNED);
    Files.writeString(folder.resolve(SAFETY + ".age"), content(SAFETY));
    Files.writeString(folder.resolve(SAFETY + ".marks.json"), "no record at all");
    Files.writeString(folder.resolve(ODD + ".tar.zst"), content(ODD));
    Files.writeString(folder.resolve(SYSTEM + ".archive"), content(SYSTEM));
    Files.writeString(folder.resolve("README"), "of the operator");
    return folder;
  }

  static String content(Label label) {
    return "rows of " + label;
  }

  /** What a list must say. */
  static List<StoredArchive> archives() {
    Map<Label, StoredArchive> archives = new TreeMap<>();
    for (Label label : LABELS) {
      archives.put(label, new StoredArchive(label, content(label).length(), ArchiveRecord.NONE));
    }
    ArchiveRecord unreadable = ArchiveRecord.NONE.withPinned(true);
    archives.put(SAFETY, new StoredArchive(SAFETY, content(SAFETY).length(), unreadable));
    ArchiveRecord pinned =
        ArchiveRecord.NONE.withPinned(true).withVerifiedAt(Instant.parse("2026-11-22T01:02:03Z"));
    archives.put(TENANT, new StoredArchive(TENANT, content(TENANT).length(), pinned));
    return List.copyOf(archives.values());
  }
}
