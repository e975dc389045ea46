package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads arguments into the types of the library; what is malformed never gets further. */
public final class Arguments {

  private static final char UNREADABLE = '\uFFFD';

  private Arguments() {}

  public static void register(CommandLine command) {
    command.registerConverter(TenantId.class, Arguments::tenant);
    command.registerConverter(Label.class, Arguments::label);
    command.registerConverter(Path.class, Arguments::path);
    command.registerConverter(ZoneId.class, Arguments::zone);
  }

  public static TenantId tenant(String text) {
    requireReadable(text);
    try {
      TenantId tenant = TenantId.of(text);
      // An id that no label can be made of has no archives either.
      TenantLabeler.utc().backup(tenant, Instant.EPOCH);
      return tenant;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  public static Label label(String text) {
    try {
      return Label.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** What the library reads from an option, whose complaint is one of usage. */
  public static <T> T read(Supplier<T> option) {
    try {
      return option.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException(text + " is no time zone; write Europe/Copenhagen");
    }
  }

  private static Path path(String text) {
    requireReadable(text);
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw new TypeConversionException("\"" + text + "\" is no path here: " + e.getReason());
    }
    throw new TypeConversionException("the path is empty");
  }

  private static void requireReadable(String text) {
    if (text.indexOf(UNREADABLE) >= 0) {
      throw new TypeConversionException(
          "\"" + text + "\" cannot be read in this locale; set LC_ALL=C.UTF-8");
    }
  }
}
