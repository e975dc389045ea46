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
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
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
 * <p>An id is for one secret, forever: archives name the key that signed them by its id, so that
 * with another secret under the same id all of them are damaged. Give a new secret a new id, as
 * {@link #rotate()} does.
 *
 * <p>It is made for its owner alone to read, whole or not at all, and of two processes that make it
 * at the same moment one does. What is about to take its place is beside the {@link #real()} one
 * under a longer name: what is left out of backups is the file, and there what {@link #isOwnName}
 * knows.
 *
 * <p>Immutable and thread-safe.
 */
public final class SigningKeyFile {

  private static final String BEGUN = ".new-";
  private static final int MOST_BYTES = 64 << 10;
  private static final int READ_BY_OTHERS = 0044;
  private static final Pattern SECRET = Pattern.compile("(?:[0-9a-fA-F]{2}){32,}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;

  private SigningKeyFile(Path file) {
    this.file = file;
  }

  /**
   * The file at this path, which need not be there.
   *
   * @throws IllegalArgumentException if the path has no name that a file can have, as {@code /}
   */
  public static SigningKeyFile at(Path file) {
    Path absolute = file.toAbsolutePath();
    if (absolute.getFileName() == null) {
      throw new IllegalArgumentException(
          "Signing keys are in a file, and %s has no name that a file can have".formatted(file));
    }
    return new SigningKeyFile(absolute);
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /** The file that it leads to where it is a link; itself if not, or if it leads nowhere. */
  public SigningKeyFile real() {
    try {
      return Files.isSymbolicLink(file) ? new SigningKeyFile(file.toRealPath()) : this;
    } catch (IOException e) {
      return this;
    }
  }

  /**
   * Whether a file of this name beside it has secrets of its: the file itself, and what is about to
   * take its place, or was when somebody was killed. Nothing that a backup should have.
   */
  public boolean isOwnName(String name) {
    String own = String.valueOf(file.getFileName());
    return name.equals(own) || name.startsWith(own + BEGUN);
  }

  /**
   * Whether it is there, readable or not; or may be, in a folder that this process cannot enter.
   */
  public boolean exists() {
    try {
      DurableFiles.attributes(file);
      return true;
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
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
    String reason = Printable.reason(e);
    String advice = "Check the path, and that this user may read the file";
    if (Files.isDirectory(file)) {
      reason = "it is a folder";
      advice = "Move the folder away, or name another file";
    } else if (e instanceof NoSuchFileException && exists()) {
      reason = "it is a link to what is not there";
      advice = "Bring back what it leads to; or remove the link, and a new key can be made";
    } else if (e instanceof AccessDeniedException) {
      advice =
          "Give the file to this user, who has to get into its folder too: chown %s %s"
              .formatted(user(), file);
    }
    return new OperationFailed(
        "The signing keys in %s cannot be read: %s".formatted(file, reason), advice, e);
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
      List<String> before = List.of();
      if (exists()) {
        read();
        before = lines();
      }
      // The file itself, where a link leads to it.
      Path target = exists() ? file.toRealPath() : file;
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
    Path folder = DurableFiles.folderOf(real().file);
    if (!(e instanceof AccessDeniedException) && !Files.isDirectory(folder)) {
      return new OperationFailed(
          "The signing keys in %s cannot be written: there is no folder %s".formatted(file, folder),
          "Make the folder, or name another file",
          e);
    }
    return new OperationFailed(
        "The signing keys in %s cannot be written: %s".formatted(file, Printable.reason(e)),
        "Check that the user %s may write into the folder %s, or name another file"
            .formatted(user(), folder),
        e);
  }

  private static String user() {
    String name = System.getProperty("user.name", "?");
    // As in containers, where users are numbers.
    return name.equals("?") ? "USER" : name;
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
