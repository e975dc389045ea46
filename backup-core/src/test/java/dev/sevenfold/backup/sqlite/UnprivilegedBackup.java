package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.testsupport.Jvm;
import dev.sevenfold.testsupport.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/** Takes a snapshot of a {@link SystemWorld} as somebody who is not root, whoever runs the test. */
final class UnprivilegedBackup {

  private static final int USER = 54_321;

  private UnprivilegedBackup() {}

  /** What it says; {@code done} if nothing was in its way. */
  static String run(Path world, String... excluded) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(world.toString()));
    arguments.addAll(List.of(excluded));
    Path temporary = Files.createDirectories(world.resolve("tmp"));
    ProcessBuilder builder =
        Jvm.of(
            List.of("-Djava.io.tmpdir=" + temporary),
            UnprivilegedBackup.class,
            arguments.toArray(String[]::new));
    if (System.getProperty("user.name").equals("root")) {
      // Where root's files are, others may not look.
      int classPath = builder.command().indexOf("-cp") + 1;
      builder.command().set(classPath, copied(builder.command().get(classPath), world));
      giveAway(world);
      List<String> command =
          new ArrayList<>(
              List.of(
                  Programs.require("setpriv", "util-linux").toString(),
                  "--reuid=" + USER,
                  "--regid=" + USER,
                  "--clear-groups"));
      command.addAll(builder.command());
      builder.command(command);
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private static String copied(String classPath, Path world) throws IOException {
    Path copies = Files.createDirectories(world.resolve("classes"));
    List<String> copied = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      Path to = copies.resolve(copied.size() + "-" + from.getFileName());
      if (entry.isEmpty()) {
        continue;
      }
      if (Files.isDirectory(from)) {
        FileUtils.copyDirectory(from.toFile(), to.toFile());
      } else if (Files.exists(from)) {
        FileUtils.copyFile(from.toFile(), to.toFile());
      }
      copied.add(to.toString());
    }
    return String.join(File.pathSeparator, copied);
  }

  private static void giveAway(Path world) throws IOException {
    // What leads there is of whoever runs the test, and closed to others.
    for (Path folder = world.getParent();
        folder != null && folder.getFileName().toString().startsWith("junit");
        folder = folder.getParent()) {
      Files.setAttribute(folder, "unix:mode", 0755);
    }
    try (Stream<Path> files = Files.walk(world)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setAttribute(file, "unix:uid", USER, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    SystemWorld world = new SystemWorld(Path.of(arguments[0]));
    SqliteSystemSource.Builder parts = world.parts().tree("uploads", world.uploads());
    for (String pattern : List.of(arguments).subList(1, arguments.length)) {
      parts.exclude(pattern);
    }
    try {
      parts.build().snapshot(Files.createTempDirectory("scratch"), Progress.none());
      System.out.println("done");
    } catch (BackupRefused e) {
      System.out.println(e.getMessage() + e.reasons());
    }
  }
}
