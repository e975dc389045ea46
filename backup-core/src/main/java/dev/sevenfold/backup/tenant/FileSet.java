package dev.sevenfold.backup.tenant;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Files that rows name: one file for each row of a table. Immutable.
 *
 * @param root the folder that all paths are relative to
 * @param table the table whose rows name files
 * @param path how a row's columns make its file's path
 * @param shared whether rows of several tenants may name one file, and whoever deletes a row looks
 *     whether it was the last one: files that are named by their content, for instance
 */
public record FileSet(Path root, String table, FilePath path, boolean shared) {
  /** Requires all parts. */
  public FileSet {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(path, "path");
  }
}
