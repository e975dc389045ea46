package dev.sevenfold.benchmarks;

import dev.sevenfold.backup.archive.ArchiveManifest;
import java.nio.file.Path;

/** Compressing one file: the library's parallel gzip against {@code pigz}. */
final class GzipAgainstPigz {

  private GzipAgainstPigz() {}

  static void run(Path folder, int megabytes) throws Exception {
    Path file = Shop.create(folder.resolve("shop.sqlite3"), megabytes).file();
    ArchiveManifest manifest = OneFileArchive.manifest(file);
    Rounds.compare(
        "gzip of " + megabytes + " MB",
        "archive",
        round -> OneFileArchive.write(manifest, file, folder.resolve("ours-" + round)),
        "tar and pigz",
        round ->
            Rounds.program(
                new ProcessBuilder(
                    "sh",
                    "-c",
                    "tar c -C \"$1\" shop.sqlite3 | pigz -6 > \"$2\"",
                    "sh",
                    folder.toString(),
                    folder.resolve("theirs-" + round).toString())));
  }
}
