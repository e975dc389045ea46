package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.TenantSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Reads tenants out of a staged copy of the system. */
final class SystemTenants {

  private SystemTenants() {}

  static TenantSource source(
      SqliteEngine live, StagedSystem staged, String name, Map<String, Path> trees) {
    SystemPlace place =
        staged.manifest().places().stream()
            .filter(candidate -> candidate.role() == SystemPlace.Role.DATABASE)
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new BackupRefused(
                        "The system's backup has no database " + name,
                        List.of(),
                        "It has "
                            + staged.manifest().places().stream().map(SystemPlace::name).toList()));
    Path roots = staged.folder().resolve("roots");
    trees.forEach((tree, path) -> move(staged, tree, within(roots, path)));
    return SqliteTenantSource.builder(
            staged.entry(place.databaseEntry()),
            live.model().withFileRoots(root -> within(roots, root)))
        .busyTimeout(live.busyTimeout())
        .customize(live.customizer())
        .clock(Clock.fixed(staged.manifest().capturedAt(), ZoneOffset.UTC))
        .build();
  }

  /** The tree goes where it is in the live system, below a root of its own. */
  private static void move(StagedSystem staged, String tree, Path target) {
    Path from = staged.folder().resolve("trees").resolve(tree);
    try {
      if (Files.isDirectory(from)) {
        Files.createDirectories(target.resolveSibling("."));
        Files.move(from, target);
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The staged files of " + tree + " could not be moved: " + Printable.reasonWithFile(e),
          "Check the scratch folder",
          e);
    }
  }

  private static Path within(Path roots, Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path root = absolute.getRoot();
    return root == null ? roots.resolve(absolute) : roots.resolve(root.relativize(absolute));
  }
}
