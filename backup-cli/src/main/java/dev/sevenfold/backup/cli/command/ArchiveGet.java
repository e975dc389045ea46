package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive get}: copies an archive out of the store. */
@Command(name = "get", description = "Copies an archive into a file that only its owner can read.")
final class ArchiveGet implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--label", required = true, paramLabel = "L", description = "The archive.")
  Label label;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; one that holds something is not overwritten.")
  Path out;

  @Override
  public Integer call() {
    requireFree();
    long size = context.onStore(this::copy);
    context.shell().print(out + ": " + size + " bytes");
    return ExitCode.DONE;
  }

  private void requireFree() {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException("there is no folder " + folder);
    }
    try {
      if (Files.exists(out) && (!Files.isRegularFile(out) || Files.size(out) > 0)) {
        throw new UsageException(out + " is there already; choose another name");
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private long copy(BackupCatalog catalog) {
    try (InputStream archive = catalog.open(label)) {
      Path folder = out.toAbsolutePath().getParent();
      // Whole or not at all, and readable by nobody else from its first byte on.
      Path part = Files.createTempFile(folder, ".sevenfold-", ".part");
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        long size = archive.transferTo(Channels.newOutputStream(channel));
        channel.force(true);
        Files.move(part, out, StandardCopyOption.ATOMIC_MOVE);
        return size;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private OperationFailed failed(IOException e) {
    return new OperationFailed(
        "The archive "
            + label
            + " could not be copied to "
            + out
            + ": "
            + Printable.reasonWithFile(e),
        "Check the space and the permissions there",
        e);
  }
}
