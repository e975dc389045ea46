package dev.sevenfold.backup.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A preview as it was written to a file: what {@code tenant restore --plan} does. Immutable.
 *
 * @param target the tenant that is put back
 * @param label the archive
 * @param options how, and that it has to be exactly this plan
 */
public record PlanFile(TenantId target, Label label, RestoreOptions options) {

  private static final String DIGEST = "digest";
  private static final String DIGESTS = "tableDigests";
  private static final String OPTIONS = "options";
  private static final String NEW_IDS = "newIds";
  private static final String WITHOUT_DROPPED = "withoutDropped";
  private static final String ACCEPT_REFERENCES = "acceptReferences";
  private static final String CHANGES = "changes";
  private static final String ONLY = "only";
  private static final String ROWS = "rows";
  private static final String TAKING_BACK = "takingBack";

  /** The identity of the plan. */
  public PlanDigest digest() {
    return options.exactly().orElseThrow();
  }

  /** What a preview's JSON has for whoever executes it. */
  static Map<String, Object> identity(RestoreOptions options, PlanDigest digest) {
    Part part = options.part();
    return Json.object(
        DIGEST, digest,
        DIGESTS, digest.tables(),
        OPTIONS,
            Json.object(
                NEW_IDS, options.collisions() == RestoreOptions.Collisions.REMAP,
                WITHOUT_DROPPED, options.dropped() == RestoreOptions.Dropped.LEAVE_OUT,
                ACCEPT_REFERENCES, options.toOthers() == RestoreOptions.ToOthers.ACCEPT,
                CHANGES, part.changes().stream().sorted().toList(),
                ONLY, part.only(),
                ROWS, part.rows(),
                TAKING_BACK, part.takesBack()));
  }

  /**
   * Refuses to write a plan in the place of anything but an older plan.
   *
   * @throws UsageException if there is another file
   */
  public static void requireReplaceable(Path file) {
    if (Files.exists(file)) {
      read(file);
    }
  }

  /**
   * Writes a preview.
   *
   * @throws UsageException if it cannot be written
   */
  public static void write(Path file, String json) {
    requireReplaceable(file);
    try {
      Files.writeString(file, json + System.lineSeparator());
    } catch (IOException e) {
      throw new UsageException("--out " + file + " cannot be written: " + Printable.reason(e));
    }
  }

  /**
   * Reads a preview.
   *
   * @throws UsageException if the file is none
   */
  public static PlanFile read(Path file) {
    try {
      Map<?, ?> plan = map(Json.read(Files.readString(file)));
      Map<String, String> tables = new LinkedHashMap<>();
      map(plan.get(DIGESTS)).forEach((table, digest) -> tables.put(text(table), text(digest)));
      return new PlanFile(
          TenantId.of(text(plan.get("tenant"))),
          Label.parse(text(plan.get("label"))),
          options(map(plan.get(OPTIONS))).exactly(new PlanDigest(text(plan.get(DIGEST)), tables)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new UsageException(file + " is no plan that tenant preview wrote: " + e.getMessage());
    } catch (IOException e) {
      throw new UsageException(file + " cannot be read: " + Printable.reason(e));
    }
  }

  private static RestoreOptions options(Map<?, ?> options) {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    list(options.get(CHANGES)).forEach(change -> changes.add(Change.valueOf(change)));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    map(options.get(ROWS)).forEach((table, keys) -> rows.put(text(table), list(keys)));
    Part part = new Part(changes, list(options.get(ONLY)), rows, is(options, TAKING_BACK));
    RestoreOptions read = RestoreOptions.DEFAULT;
    read = is(options, NEW_IDS) ? read.remapping() : read;
    read = is(options, WITHOUT_DROPPED) ? read.leavingOutDropped() : read;
    read = is(options, ACCEPT_REFERENCES) ? read.acceptingReferencesToOthers() : read;
    return read.with(part);
  }

  private static boolean is(Map<?, ?> options, String name) {
    if (options.get(name) instanceof Boolean value) {
      return value;
    }
    throw new IllegalArgumentException("it does not say whether " + name);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("it lacks a text");
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("it lacks an object");
  }

  private static List<String> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(PlanFile::text).toList();
    }
    throw new IllegalArgumentException("it lacks a list");
  }
}
