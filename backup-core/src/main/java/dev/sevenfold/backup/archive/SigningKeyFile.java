package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of signing keys: a line for each, its id and its secret as hexadecimal digits. The first
 * one signs, all are accepted. Empty lines, and those that begin with {@code #}, say nothing.
 *
 * <pre>{@code
 * SigningKeyFile file = SigningKeyFile.at(Path.of("/etc/app/sevenfold.signing-keys"));
 * file.createIfMissing();
 * SigningKeys keys = file.read();
 * }</pre>
 *
 * <p>It is made for its owner alone to read, whole or not at all, and of two processes that make it
 * at the same moment one does. What is about to take its place is beside it under a longer name.
 * Immutable and thread-safe.
 */
public final class SigningKeyFile {

  private static final String BEGUN = ".new-";
  private static final int MOST_BYTES = 64 << 10;
  private static final int READ_BY_OTHERS = 0044;
  private static final Pattern SECRET = Pattern.compile("(?:[0-9a-fA-F]{2}){32,}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;

  private SigningKeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** The file at this path, which need not be there. */
  public static SigningKeyFile at(Path file) {
    return new SigningKeyFile(file);
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /**
   * The file, there or not, and what holds a secret beside it, because somebody was killed who made
   * it anew: nothing that a backup should have.
   */
  public List<Path> all() {
    List<Path> all = new ArrayList<>(List.of(file));
    String begun = file.getFileName() + BEGUN;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            DurableFiles.folderOf(file),
            other -> String.valueOf(other.getFileName()).startsWith(begun))) {
      files.forEach(all::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(file); // a folder that cannot be listed is none that is backed up
    }
    return List.copyOf(all);
  }

  /** Whether it is there, readable or not. */
  public boolean exists() {
    return DurableFiles.exists(file);
  }

  /**
   * Whether others than its owner may read it.
   *
   * @throws OperationFailed if that cannot be told
   */
  public boolean isOpenToOthers() {
    try {
      return (PosixModes.of(file.toRealPath()).orElse(0) & READ_BY_OTHERS) != 0;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The keys in it.
   *
   * @throws IllegalArgumentException if a line is no key, or there is none: it names the file and
   *     the line, and never a secret
   * @throws OperationFailed if it is not there, or cannot be read
   */
  public SigningKeys read() {
    @Nullable SigningKeys keys = null;
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys = with(keys, line, i + 1);
      }
    }
    if (keys == null) {
      throw new IllegalArgumentException("The file " + file + " has no signing key");
    }
    return keys;
  }

  /** Never tells a value of the line: where it is not as it should be, any may be the secret. */
  private SigningKeys with(@Nullable SigningKeys before, String line, int number) {
    String[] parts = line.split("\\s+", -1);
    require(parts.length == 2, number, "a key is an id and a secret, with a space between");
    require(SigningKeys.isId(parts[0]), number, "an id has 1 to 64 letters, digits and . _ -");
    require(
        SECRET.matcher(parts[1]).matches(),
        number,
        "a secret has 64 hexadecimal digits or more, two for each byte");
    require(before == null || !before.has(parts[0]), number, "its id is that of another line, too");
    byte[] secret = HexFormat.of().parseHex(parts[1]);
    return before == null ? SigningKeys.of(parts[0], secret) : before.accepting(parts[0], secret);
  }

  private void require(boolean met, int number, String what) {
    if (!met) {
      throw new IllegalArgumentException("The file %s, line %d: %s".formatted(file, number, what));
    }
  }

  private List<String> lines() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException(
            "The file %s has more than %d bytes, which no file of signing keys has"
                .formatted(file, MOST_BYTES));
      }
      return new String(bytes, UTF_8).lines().toList();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private OperationFailed unreadable(IOException e) {
    return new OperationFailed(
        "The signing keys in %s cannot be read: %s".formatted(file, Printable.reason(e)),
        "Check the path, and that this user may read the file",
        e);
  }

  /**
   * Makes the file with one new key, unless it is there. It belongs to whom its folder belongs.
   *
   * @throws OperationFailed if it cannot be made
   */
  public void createIfMissing() {
    if (exists()) {
      return;
    }
    try {
      Path fresh = write(newId(), List.of(), DurableFiles.folderOf(file));
      try {
        name(fresh);
      } finally {
        Files.deleteIfExists(fresh);
      }
      new DurableFiles().sync(DurableFiles.folderOf(file));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Never over a file that another process has made meanwhile: that one's key counts. */
  private void name(Path fresh) throws IOException {
    try {
      Files.createLink(file, fresh);
    } catch (UnsupportedOperationException | FileSystemException e) {
      if (!exists()) {
        // There are file systems without links.
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /**
   * Puts a new key first, which signs from now on; the others stay, and are accepted. Makes the
   * file if it is not there. Processes that have read it before go on with what they read.
   *
   * @return the id of the new key
   * @throws IllegalArgumentException if a line is no key; nothing was changed
   * @throws OperationFailed if it cannot be read or written; nothing was changed
   */
  public String rotate() {
    String id = newId();
    try {
      // The file itself, where a link leads to it.
      Path target = exists() ? file.toRealPath() : file;
      List<String> before = List.of();
      if (exists()) {
        read();
        before = lines();
      }
      Path fresh = write(id, before, exists() ? target : DurableFiles.folderOf(file));
      try {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
      new DurableFiles().sync(DurableFiles.folderOf(target));
      return id;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private OperationFailed unwritable(IOException e) {
    return new OperationFailed(
        "The signing keys in %s cannot be written: %s".formatted(file, Printable.reason(e)),
        "Check that this user may write into the folder, or name another file",
        e);
  }

  private static String newId() {
    byte[] id = new byte[6];
    RANDOM.nextBytes(id);
    return "key-" + HexFormat.of().formatHex(id);
  }

  /** Writes a file beside this one, that of {@code owner} belongs to. */
  private Path write(String id, List<String> others, Path owner) throws IOException {
    byte[] secret = new byte[SigningKeys.SHORTEST_SECRET];
    RANDOM.nextBytes(secret);
    StringBuilder content = new StringBuilder();
    content.append(id).append(' ').append(HexFormat.of().formatHex(secret)).append('\n');
    others.forEach(line -> content.append(line).append('\n'));
    Path target = exists() ? file.toRealPath() : file;
    Path fresh =
        target.resolveSibling(
            Objects.requireNonNull(target.getFileName()) + BEGUN + UUID.randomUUID());
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixModes.ownFile(fresh))) {
      FileOwners.AS_BEFORE.like(owner.toRealPath()).own(fresh);
      ByteBuffer bytes = ByteBuffer.wrap(content.toString().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return fresh;
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }
}
