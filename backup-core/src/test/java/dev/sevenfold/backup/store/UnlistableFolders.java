package dev.sevenfold.backup.store;

import dev.sevenfold.testsupport.Interposed;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store with folders of owners that this user may not look into: root may, so the refusal is put
 * in front. Use from one thread.
 */
public final class UnlistableFolders {

  private final Path root;
  private final ArchiveStore store;

  /** The names of folders that cannot be listed; an empty one is the root. */
  public final Set<String> denied = new TreeSet<>();

  /** What was listed, call by call. */
  public final List<List<String>> listed = new ArrayList<>();

  /** A store of a folder of the test. */
  private static final class OfFolder extends FolderArchiveStore {
    OfFolder(Folder folder) {
      super(folder, Duration.ofSeconds(2), Duration.ofDays(1));
    }
  }

  public UnlistableFolders(Path root) {
    this.root = root;
    Folder local = new LocalFolder(root, Clock.systemUTC(), Clock.systemUTC());
    store =
        new OfFolder(
            Interposed.before(
                local,
                Folder.class,
                call -> {
                  if (call.is("list")) {
                    look(call.first(Collection.class).orElseThrow());
                  }
                  return call.proceed();
                }));
  }

  public ArchiveStore store() {
    return store;
  }

  private void look(Collection<?> folders) throws AccessDeniedException {
    listed.add(folders.stream().map(Object::toString).toList());
    for (Object name : folders) {
      if (denied.contains(name.toString())) {
        throw new AccessDeniedException(root.resolve(name.toString()).toString());
      }
    }
  }
}
