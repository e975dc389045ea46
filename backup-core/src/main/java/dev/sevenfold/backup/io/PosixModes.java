package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** POSIX permissions as the nine bits that people write in octal. */
public final class PosixModes {

  private static final int ALL = 0777;
  private static final int SPECIAL = 07000;
  private static final int READ = 0444;
  private static final int WRITE = 0222;
  private static final int OTHERS_WRITE = 0002;
  private static final int OWN_FILE = 0600;
  private static final int OWN_FOLDER = 0700;

  // In the order of the bits, the highest first.
  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

  private PosixModes() {}

  /** The owner and the mode of a file; null on a file system without them. */
  static @Nullable PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(
        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** The mode of a file; empty on a file system without modes. */
  public static OptionalInt of(Path file) throws IOException {
    PosixFileAttributeView view = view(file);
    return view == null
        ? OptionalInt.empty()
        : OptionalInt.of(bits(view.readAttributes().permissions()));
  }

  /** Whether a file has a set-user-ID, set-group-ID or sticky bit, as far as can be seen. */
  public static boolean hasSpecialBits(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        && ((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & SPECIAL) != 0;
  }

  /** Sets the mode of a file, on a file system with modes. */
  public static void set(Path file, int mode) throws IOException {
    PosixFileAttributeView view = view(file);
    if (view != null) {
      view.setPermissions(permissions(mode));
    }
  }

  /** What a file is made with that nobody but its owner may read, not even for a moment. */
  public static FileAttribute<?>[] ownFile(Path file) {
    return own(file, OWN_FILE);
  }

  /** What a folder is made with that is nobody's but its owner's, not even for a moment. */
  public static FileAttribute<?>[] ownFolder(Path folder) {
    return own(folder, OWN_FOLDER);
  }

  private static FileAttribute<?>[] own(Path path, int mode) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(mode))}
        : new FileAttribute<?>[0];
  }

  /** The mode of a file that whoever may write to another one, or into a folder, is to use. */
  static int ofWriters(int mode) {
    return (mode & WRITE) | ((mode & WRITE) << 1);
  }

  /** Gives a new folder the mode of the one that it is in, but nobody else's leave to write. */
  static void setAsAbove(Path folder, Path above) throws IOException {
    PosixFileAttributeView view = view(folder);
    OptionalInt mode = of(above);
    if (view != null && mode.isPresent()) {
      setAsAbove(folder, view, mode.getAsInt());
    }
  }

  /**
   * As {@link #setAsAbove(Path, Path)}, of a folder that is held. Only where it has a bit beside
   * the nine is it told by its path, since its view knows the nine and takes away all others.
   */
  static void setAsAbove(Path folder, PosixFileAttributeView view, int above) throws IOException {
    // Everybody may write to a folder for temporary files; what is in it is somebody's.
    int mode = (above & OTHERS_WRITE) == 0 ? above : above & ~(WRITE & ~OWN_FILE);
    if (bits(view.readAttributes().permissions()) == mode) {
      return;
    }
    if (hasSpecialBits(folder)) {
      // A folder's group may be that of all in it.
      int now = (int) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(folder, "unix:mode", (now & SPECIAL) | mode, LinkOption.NOFOLLOW_LINKS);
    } else {
      view.setPermissions(permissions(mode));
    }
  }

  /** Whether a file is a plain one of a single name, as far as can be seen. */
  static boolean hasOneName(Path file) throws IOException {
    return DurableFiles.attributes(file).isRegularFile()
        && file.getFileSystem().supportedFileAttributeViews().contains("unix")
        && (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
  }

  /** The mode of a folder whose files have these modes: who may read them may enter it. */
  public static int ofFolder(int filesModes) {
    return filesModes | (filesModes & READ) >> 2;
  }

  public static int bits(Set<PosixFilePermission> permissions) {
    int bits = 0;
    for (PosixFilePermission permission : PERMISSIONS) {
      bits = bits << 1 | (permissions.contains(permission) ? 1 : 0);
    }
    return bits;
  }

  static Set<PosixFilePermission> permissions(int mode) {
    if ((mode & ~ALL) != 0) {
      throw new IllegalArgumentException("The mode %o has more than nine bits".formatted(mode));
    }
    EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < PERMISSIONS.length; i++) {
      if ((mode >> (PERMISSIONS.length - 1 - i) & 1) != 0) {
        permissions.add(PERMISSIONS[i]);
      }
    }
    return permissions;
  }
}
