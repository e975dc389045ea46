package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.Folder;
import java.time.Instant;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * What the server says about a file, links not followed. Immutable.
 *
 * @param size its length in bytes
 * @param mode type and permissions as POSIX has them; 0 if the server does not say
 * @param modifiedSeconds when it was last written to, in seconds of the server's clock
 */
record RemoteFile(long size, int mode, long modifiedSeconds) {

  private static final int SIZE = 1;
  private static final int OWNER = 1 << 1;
  private static final int MODE = 1 << 2;
  private static final int TIMES = 1 << 3;
  private static final int EXTENDED = 1 << 31;

  private static final int TYPE_MASK = 0xF000;
  private static final int DIRECTORY = 0x4000;
  private static final int REGULAR = 0x8000;

  /** Reads the attributes of an answer. */
  static RemoteFile read(Buffer answer) {
    int flags = answer.getInt();
    long size = (flags & SIZE) != 0 ? answer.getLong() : 0;
    if ((flags & OWNER) != 0) {
      answer.getLong(); // two numbers that mean nothing here
    }
    int mode = (flags & MODE) != 0 ? answer.getInt() : 0;
    long modified = 0;
    if ((flags & TIMES) != 0) {
      answer.getUInt(); // last access
      modified = answer.getUInt();
    }
    if ((flags & EXTENDED) != 0) {
      for (int left = answer.getInt(); left > 0; left--) {
        answer.getBytes();
        answer.getBytes();
      }
    }
    return new RemoteFile(size, mode, modified);
  }

  /** Appends attributes that set the permissions and nothing else. */
  static void writeMode(Buffer request, int permissions) {
    request.putUInt(MODE);
    request.putUInt(permissions);
  }

  /** Appends no attributes. */
  static void writeNothing(Buffer request) {
    request.putUInt(0);
  }

  /** The same, as every folder says it. */
  Folder.Entry entry() {
    return new Folder.Entry(size, isRegular(), Instant.ofEpochSecond(modifiedSeconds));
  }

  /** Whether this is an ordinary file; a server that does not tell types has no other. */
  boolean isRegular() {
    return mode == 0 || (mode & TYPE_MASK) == REGULAR;
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }
}
