package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.UsedPlaces;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the archives lie in a folder, which small files right in it say. There is no moment at which
 * one of them is cut off, or replaced: each comes into being once, with all that it says.
 *
 * <p>An archive moves from the root to the folder of its owner and never back. Whoever looks in the
 * root first, and in that folder then, finds it whatever happens meanwhile. Thread-safe.
 */
final class FolderLayout {

  /** How archives lie. */
  enum Kind {
    /** New ones go right into the root, as versions before this one had it: there is no marker. */
    FLAT,
    /** New ones go into folders, and those in the root are being moved there. */
    CONVERTING,
    /** All are in the folders of their owners. Never another kind again. */
    BY_OWNER;

    /** What stands before the names of a label's files, in the order to look. */
    List<String> places(Label label) {
      String folder = folderOf(label);
      return this == BY_OWNER ? List.of(folder) : List.of("", folder);
    }

    /** What stands before the names of the files of a new archive. */
    String placeOfNew(Label label) {
      return this == FLAT ? "" : folderOf(label);
    }

    private static String folderOf(Label label) {
      return ArchiveFileName.folderOf(label) + "/";
    }
  }

  /** The folder itself, to list it. */
  static final List<String> ROOT = List.of("");

  private static final int NUMBER = 2;
  private static final int MAX_LENGTH = 4096;
  private static final JsonFactory JSON = new JsonFactory();

  private static final Logger LOG = LoggerFactory.getLogger(FolderLayout.class);

  private final Folder folder;
  private final UsedPlaces used;
  private volatile boolean byOwner;
  private volatile boolean hasFlatArchives;

  /**
   * @param used knows whether this folder was used before, in another process
   */
  FolderLayout(Folder folder, UsedPlaces used) {
    this.folder = folder;
    this.used = used;
  }

  /**
   * How archives lie now.
   *
   * @throws OperationFailed if a later version has laid them out
   * @throws StoreUnavailable if there is nothing in a folder that was used before
   * @throws IOException if that cannot be told now
   */
  Kind current() throws IOException {
    return byOwner ? Kind.BY_OWNER : look(hasFlatArchives);
  }

  /**
   * As {@link #current}, for whoever is about to write, or to say that something is not there: a
   * disk may have been unmounted since the last look.
   */
  void requireStill() throws IOException {
    look(false);
  }

  private Kind look(boolean isThere) throws IOException {
    // In this order: the sign of a conversion comes before the marker, and goes once all is moved.
    Map<String, Folder.SmallFile> files =
        folder.readSmall(List.of(ArchiveFileName.MARKER, ArchiveFileName.CONVERSION), MAX_LENGTH);
    Folder.SmallFile marker = files.get(ArchiveFileName.MARKER);
    if (marker != null) {
      requireKnown(marker.bytes());
    }
    if (files.containsKey(ArchiveFileName.CONVERSION)) {
      return Kind.CONVERTING;
    }
    if (marker == null) {
      if (!isThere) {
        requireNotEmptied();
      }
      return Kind.FLAT;
    }
    byOwner = true;
    return Kind.BY_OWNER;
  }

  /** Without a marker, which a copy may lack, a folder that was used has archives still. */
  private void requireNotEmptied() throws IOException {
    Optional<Path> note = used.noteOf(folder.place());
    if ((byOwner || hasFlatArchives || note.isPresent())
        && folder.list(ROOT, FolderLayout::isOfStore).isEmpty()) {
      throw new StoreUnavailable(
          "%s was used as a store before%s, and has nothing of it now, neither archives nor %s: perhaps its disk is not mounted"
              .formatted(
                  folder.describe(),
                  note.map(file -> " (" + file + " says so)").orElse(""),
                  ArchiveFileName.MARKER),
          "Mount it, then try again. If the store is to begin anew in this folder, prepare it:"
              + " FolderArchiveStore.prepare()");
    }
  }

  private static boolean isOfStore(String name) {
    // The marker too: another thread may have put it there since one looked.
    return ArchiveFileName.labelOf(name).isPresent()
        || ArchiveFileName.isFolderOfOwner(name)
        || name.equals(ArchiveFileName.MARKER);
  }

  private void requireKnown(byte[] marker) {
    String number = number(marker);
    if (!number.equals(Integer.toString(NUMBER))) {
      throw new OperationFailed(
          "%s in %s says that archives lie there by layout %s, and this version knows layouts up to %d"
              .formatted(ArchiveFileName.MARKER, folder.describe(), number, NUMBER),
          "Use a newer version; nothing was read or changed");
    }
  }

  private static String number(byte[] marker) {
    try (JsonParser json = JSON.createParser(marker)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          boolean layout = json.currentName().equals("layout");
          if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && layout) {
            return json.getText();
          }
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      return "(not JSON)"; // its message would quote what may be anything
    }
    return "(without a number)";
  }

  /**
   * Lets archives lie by owner in a folder that has none yet. The marker is named as archives are:
   * where no file gets a name, it is known before an upload.
   */
  void settle() throws IOException {
    if (!hasFlatArchives && current() == Kind.FLAT) {
      prepare();
    }
  }

  /** As {@link #settle}, also where a folder that was used before has nothing in it. */
  void prepare() throws IOException {
    hasFlatArchives =
        !folder.list(ROOT, name -> ArchiveFileName.labelOf(name).isPresent()).isEmpty();
    if (!hasFlatArchives) {
      putMarker();
    }
    requireStill();
  }

  /**
   * For whoever is about to delete an archive, which may be the last one: where there is no marker
   * the folder of an owner says that this is no empty disk. Before, while the archive says so.
   */
  void staysInUse(Label label) throws IOException {
    if (current() == Kind.FLAT && folder.list(ROOT, FolderLayout::isFolder).isEmpty()) {
      try {
        put(Kind.folderOf(label) + ArchiveFileName.DELETED, "");
      } catch (IOException e) {
        // A disk that is full is no reason to keep an archive.
        LOG.debug("It is not noted in {} that archives were deleted", folder.describe(), e);
      }
    }
  }

  /** The names of archives can be those of folders, too. */
  private static boolean isFolder(String name) {
    return ArchiveFileName.isFolderOfOwner(name) && !ArchiveFileName.isOwn(name);
  }

  private void putMarker() throws IOException {
    put(ArchiveFileName.MARKER, "{\"layout\":" + NUMBER + "}\n");
  }

  /** From now on new archives go into folders, also where others are in the root still. */
  void beginConversion() throws IOException {
    if (current() != Kind.BY_OWNER) {
      put(
          ArchiveFileName.CONVERSION,
          "Archives are being moved into folders. If nothing does so now, convert the store again.\n");
      putMarker();
    }
  }

  /** All archives of the root have been moved. */
  void endConversion() throws IOException {
    folder.remove(ArchiveFileName.CONVERSION);
    folder.sync(ArchiveFileName.CONVERSION);
  }

  /** Brings a small file into being, whole; one that is there says the same. */
  private void put(String name, String content) throws IOException {
    String written = ArchiveFileName.newUpload();
    try {
      try (Folder.NewFile file = folder.create(written)) {
        file.content().write(content.getBytes(UTF_8));
        file.finish();
      }
      folder.linkNew(written, name);
    } catch (FileAlreadyExistsException e) {
      // Another process was faster.
    } finally {
      folder.discard(written);
    }
    folder.sync(name);
  }
}
