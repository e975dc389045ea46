package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import java.util.Set;

/**
 * Whom restored files belong to: whom the host names, or else whom that belongs to which they
 * replace. Only root can give files away; without a name nobody else tries. Immutable.
 *
 * @param user the name or number of a user that must own them
 * @param group the name or number of a group that must own them
 */
public record FileOwners(Optional<String> user, Optional<String> group) {

  /** Of whom the host does not say anything. */
  public static final FileOwners AS_BEFORE = new FileOwners(Optional.empty(), Optional.empty());

  private static final int OWN_FILE = 0600;
  private static final int GROUP = 0070;
  private static final int OTHERS = 0007;
  private static final int EXECUTE = 0111;

  /**
   * Makes an empty file of ours beside a database, unless it is there, and gives it to whom SQLite
   * gives its own: to the owner of the database, for whoever may write to that, and nobody else.
   * What an earlier run as root has left is given away too.
   *
   * @param database if it is not there, the folder stands for it
   */
  public static void createBeside(Path file, Path database) throws IOException {
    if (!Files.exists(database)) {
      createInFolder(file);
      return;
    }
    create(file);
    // Never a file that somebody else has put there by another name.
    if (PosixModes.hasOneName(file)) {
      give(file, database.toRealPath(), ~0);
    }
  }

  /**
   * Makes an empty file of ours in a folder, unless it is there. A new one belongs to whom the
   * folder belongs; nobody reads it who may not write there.
   */
  public static void createInFolder(Path file) throws IOException {
    if (create(file)) {
      give(file, above(file), ~OTHERS);
    }
  }

  /** Makes a folder like the one that it is in: of the same owner, usable by the same. */
  static void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder, PosixModes.ownFolder(folder));
    AS_BEFORE.like(above(folder)).own(folder);
    PosixModes.setAsAbove(folder, above(folder));
  }

  /** Makes a folder like the one that it is in, and never touches another one. */
  static void createFolder(HeldFolder above, Path name) throws IOException {
    Path folder = above.path().resolve(name);
    // By its path, as nothing else can: made elsewhere it stays empty, and what follows fails.
    Files.createDirectory(folder, PosixModes.ownFolder(folder));
    try (HeldFolder made = HeldFolder.open(folder)) {
      PosixFileAttributeView view = made.view();
      PosixFileAttributeView from = above.view();
      if (view != null && from != null) {
        PosixFileAttributes model = from.readAttributes();
        Owner.of(model).own(view);
        PosixModes.setAsAbove(folder, view, PosixModes.bits(model.permissions()));
      }
    }
  }

  /**
   * Gives a new file the owner and the mode of the one that it is to replace. Where it replaces
   * none, it belongs to whom its folder belongs, and may be used by whom the folder may be.
   */
  public static void giveAsReplaced(HeldFolder folder, Path fresh, Path target) throws IOException {
    boolean replaces = folder.isThere(target) && folder.attributes(target).isRegularFile();
    PosixFileAttributeView from = replaces ? folder.view(target) : folder.view();
    PosixFileAttributeView view = folder.view(fresh);
    if (view != null && from != null) {
      PosixFileAttributes model = from.readAttributes();
      Owner.of(model).own(view);
      int mode = PosixModes.bits(model.permissions());
      view.setPermissions(PosixModes.permissions(replaces ? mode : mode & ~EXECUTE));
    }
  }

  /** Gives a new file or folder, whose mode stays, to whom the folder belongs that it is in. */
  public static void ownAsFolder(Path file) throws IOException {
    AS_BEFORE.like(above(file)).own(file);
  }

  private static Path above(Path file) throws IOException {
    return DurableFiles.folderOf(file.toAbsolutePath()).toRealPath();
  }

  private static boolean create(Path file) throws IOException {
    try {
      // Exclusively: what is there may be a live database, and is not opened.
      Set<StandardOpenOption> fresh =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      FileChannel.open(file, fresh, PosixModes.ownFile(file)).close();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void give(Path file, Path model, int of) throws IOException {
    AS_BEFORE.like(model).own(file);
    PosixFileAttributeView view = PosixModes.view(file);
    PosixFileAttributeView from = PosixModes.view(model);
    if (view == null || from == null) {
      return;
    }
    PosixFileAttributes now = view.readAttributes();
    PosixFileAttributes before = from.readAttributes();
    int mode = (PosixModes.ofWriters(PosixModes.bits(before.permissions())) & of) | OWN_FILE;
    // A group of the process's own is not the one that may.
    int granted = now.group().equals(before.group()) ? mode : mode & ~GROUP;
    if (PosixModes.bits(now.permissions()) != granted) {
      attempt(() -> PosixModes.set(file, granted), false);
    }
  }

  /** Changes whom a file belongs to. */
  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  private static void attempt(Change change, boolean required) throws IOException {
    try {
      change.run();
    } catch (FileSystemException e) {
      if (required) {
        throw e;
      }
    }
  }

  /** Resolves who is to own what takes the place of {@code model}. */
  public Owner like(Path model) throws IOException {
    PosixFileAttributeView view = PosixModes.view(model);
    if (view == null) {
      return new Owner(Optional.empty(), Optional.empty(), false);
    }
    PosixFileAttributes attributes = view.readAttributes();
    UserPrincipalLookupService names = model.getFileSystem().getUserPrincipalLookupService();
    return new Owner(
        Optional.of(
            user.isPresent() ? names.lookupPrincipalByName(user.get()) : attributes.owner()),
        Optional.of(
            group.isPresent() ? names.lookupPrincipalByGroupName(group.get()) : attributes.group()),
        user.isPresent() || group.isPresent());
  }

  /**
   * Somebody to give files to.
   *
   * @param required whether it is a failure if that is not permitted
   */
  public record Owner(
      Optional<UserPrincipal> user, Optional<GroupPrincipal> group, boolean required) {

    /** The owner of something, for what is to be like it where that is permitted. */
    static Owner of(PosixFileAttributes model) {
      return new Owner(Optional.of(model.owner()), Optional.of(model.group()), false);
    }

    public void own(Path file) throws IOException {
      PosixFileAttributeView view = PosixModes.view(file);
      if (view != null) {
        own(view);
      }
    }

    void own(PosixFileAttributeView view) throws IOException {
      PosixFileAttributes now = view.readAttributes();
      if (user.isPresent() && !now.owner().equals(user.get())) {
        attempt(() -> view.setOwner(user.get()), required);
      }
      if (group.isPresent() && !now.group().equals(group.get())) {
        attempt(() -> view.setGroup(group.get()), required);
      }
    }
  }
}
