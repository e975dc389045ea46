package dev.sevenfold.backup.cli.run;

import java.util.regex.Pattern;

/** What the library says, in the words of the config and of the command line. */
public final class ConfigWords {

  private static final Pattern REPLACE_TAKEN =
      Pattern.compile("by replaceTaken\\(\"[^\"]*\", …\\), and restore with new ids");

  private static final Pattern DELETE_IGNORED = Pattern.compile("deleteIgnored\\(\"([^\"]*)\"\\)");

  private static final Pattern PLACE = Pattern.compile("by place\\(\"([^\"]*)\", \"([^\"]*)\"\\)");

  private static final String CUSTOMIZE =
      "register it on the connections that are lent, or by customize(…) on those of the library's"
          + " own";

  private ConfigWords() {}

  /** Names keys and options where the library names its methods. */
  public static String of(String text) {
    return REPLACE_TAKEN
        .matcher(
            DELETE_IGNORED
                .matcher(PLACE.matcher(text).replaceAll("by --place $1=$2"))
                .replaceAll("tenants.restore.ignored: {$1: delete} in the config"))
        .replaceAll("under tenants.restore.taken in the config, and restore with --new-ids")
        .replace("BackupOptions.acceptingMissing()", "--accept-missing")
        .replace("FolderArchiveStore.prepare()", "archive prepare-store")
        .replace("'s own archives, or restore with new ids", "'s own archives, or --into-tenant")
        .replace("or restore with new ids", "or restore with --new-ids")
        .replace("what was dropped, leavingOutDropped()", "what was dropped, --without-dropped")
        .replace("restore with acceptingReferencesToOthers()", "restore with --accept-references")
        .replace("restore with acceptFindings()", "restore with --accept-findings")
        .replace("restore without discardReplaced()", "restore without --discard-replaced")
        .replace("take it in unsigned, by consent", "take it in with --unsigned")
        .replace(CUSTOMIZE, "name the SQLite extension that has it under extensions in the config");
  }
}
