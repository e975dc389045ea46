package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;

/**
 * Whom restored files belong to: whom the host names, or else whom that belongs to which they
 * replace. Only root can give files away; without a name nobody else tries. Immutable.
 *
 * @param user the name or number of a user that must own them
 * @param group the name or number of a group that must own them
 */
public record FileOwners(Optional<String> user, Optional<String> group) {

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

    public void own(Path file) throws IOException {
      PosixFileAttributeView view = PosixModes.view(file);
      if (view == null) {
        return;
      }
      PosixFileAttributes now = view.readAttributes();
      try {
        if (user.isPresent() && !now.owner().equals(user.get())) {
          view.setOwner(user.get());
        }
        if (group.isPresent() && !now.group().equals(group.get())) {
          view.setGroup(group.get());
        }
      } catch (FileSystemException e) {
        if (required) {
          throw e;
        }
      }
    }
  }
}
