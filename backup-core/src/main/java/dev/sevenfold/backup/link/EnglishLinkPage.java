package dev.sevenfold.backup.link;

import java.util.Locale;
import java.util.Optional;

/** The page of a link in plain English. Stateless. */
final class EnglishLinkPage implements LinkPage {

  private static final String FORM = "<form method=\"post\"><button>Download</button></form>";

  private static final String FRAME =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem;
             color: #1c2430; background: #fff; overflow-wrap: anywhere; }
      h1 { font-size: 1.5rem; line-height: 1.25; }
      button { font: inherit; padding: .6rem 1.4rem; border: 0; border-radius: .4rem; color: #fff;
               background: #1a56a8; cursor: pointer; }
      button:focus-visible { outline: 3px solid #f0a500; outline-offset: 2px; }
      </style>
      </head>
      <body>
      <main>
      <h1>%1$s</h1>
      <p>%2$s</p>
      %3$s</main>
      </body>
      </html>
      """;

  @Override
  public String html(Kind kind, Optional<LinkedArchive> archive, DownloadRequest request) {
    return switch (kind) {
      case CONFIRM -> confirm(archive.orElseThrow());
      case EXPIRED ->
          page(
              "This link has expired",
              "The backup may still be there. Sign in to download it, or ask for a new link.");
      case REVOKED ->
          page(
              "This link was revoked",
              "Somebody has switched it off. Sign in to download the backup, or ask for a new link.");
      case USED_UP ->
          page(
              "This link was used",
              "It was good for a number of downloads, and there were as many. Ask for a new link.");
      case GONE ->
          page(
              "This backup is not here any more",
              "Newer backups have taken its place. Sign in to see those that there are.");
      case MALFORMED ->
          page(
              "This link does not work",
              "Its address is not complete. Copy all of it from the mail that it came with.");
      case UNAVAILABLE ->
          page(
              "The backup cannot be reached right now",
              "The link still works. Please try again in a few minutes.");
    };
  }

  private static String page(String title, String text) {
    return FRAME.formatted(title, text, "");
  }

  private static String confirm(LinkedArchive archive) {
    return FRAME.formatted(
        "Download your backup",
        "%s, %s.".formatted(archive.fileName(), size(archive.sizeBytes())),
        FORM + "\n");
  }

  private static String size(long bytes) {
    if (bytes < 1_000_000) {
      return String.format(Locale.ENGLISH, "%,d kB", Math.max(1, bytes / 1_000));
    }
    return String.format(Locale.ENGLISH, "%,.1f MB", bytes / 1e6);
  }
}
