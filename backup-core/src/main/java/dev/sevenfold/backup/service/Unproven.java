package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;

/** Says of a proof that was cut short that nothing is known of the archive. */
public final class Unproven {

  private Unproven() {}

  /** Runs a proof; what stops it and is not the archive's fault says so. */
  public static void requireKnown(Label label, Runnable proof) {
    try {
      proof.run();
    } catch (OperationFailed e) {
      throw new OperationFailed(what(label, e.what()), e.advice(), e);
    } catch (SourceUnavailable e) {
      throw new SourceUnavailable(what(label, e.what()), e.advice(), e);
    } catch (StoreUnavailable e) {
      throw new StoreUnavailable(what(label, e.what()), e.advice(), e);
    } catch (ArchiveNotReadable e) {
      throw new ArchiveNotReadable(what(label, e.what()), e.advice(), e);
    } catch (OutOfMemoryError e) {
      throw new OperationFailed(
          what(label, "there is not enough memory: " + e.getMessage()),
          "Give this process more memory, -Xmx with Java, then verify it again",
          e);
    }
  }

  private static String what(Label label, String why) {
    return "The archive " + label + " could not be verified now, and nothing was marked: " + why;
  }
}
