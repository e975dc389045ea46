package dev.sevenfold.backup.archive;

import java.io.IOException;
import java.io.InputStream;

/** Where a writer finds what its manifest lists. */
@FunctionalInterface
public interface EntryContents {

  /**
   * Opens the content of one entry. Called once for each entry, in the order of the manifest, after
   * the stream before it was closed; the writer closes the stream.
   *
   * @param entryName a name from the manifest
   */
  InputStream open(String entryName) throws IOException;
}
