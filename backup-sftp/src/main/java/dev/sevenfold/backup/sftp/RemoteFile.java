package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.store.Folder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.client.SftpClient.Attribute;
import org.apache.sshd.sftp.client.SftpClient.Attributes;

/**
 * What the server says about a file, links not followed. Immutable.
 *
 * @param size its length in bytes
 * @param mode type and permissions as POSIX has them; 0 if the server does not say
 * @param modifiedSeconds when it was last written to, in seconds of the server's clock
 */
record RemoteFile(long size, int mode, long modifiedSeconds) {

  private static final int TYPE_MASK = 0xF000;
  private static final int DIRECTORY = 0x4000;
  private static final int REGULAR = 0x8000;
  private static final int FOR_OTHERS = 077;

  static RemoteFile of(Attributes attributes) {
    boolean dated = attributes.getFlags().contains(Attribute.ModifyTime);
    return new RemoteFile(
        attributes.getSize(),
        attributes.getPermissions(),
        dated ? attributes.getModifyTime().to(TimeUnit.SECONDS) : 0);
  }

  /** The same, as every folder says it. */
  Folder.Entry entry() {
    return new Folder.Entry(
        size, isRegular(), mode == 0 || isDirectory(), Instant.ofEpochSecond(modifiedSeconds));
  }

  /** Whether this is an ordinary file; a server that does not tell types has no other. */
  boolean isRegular() {
    return mode == 0 || (mode & TYPE_MASK) == REGULAR;
  }

  /** Whether nobody but its owner may do anything with it; not if the server does not say. */
  boolean isPrivate() {
    return mode != 0 && (mode & FOR_OTHERS) == 0;
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }
}
