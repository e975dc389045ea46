package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/** POSIX permissions as the nine bits that people write in octal. */
public final class PosixModes {

  private static final int ALL = 0777;
  private static final int SPECIAL = 07000;
  private static final int READ = 0444;

  // In the order of the bits, the highest first.
  private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

  private PosixModes() {}

  /** The mode of a file; empty on a file system without modes. */
  public static OptionalInt of(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
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
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      view.setPermissions(permissions(mode));
    }
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
