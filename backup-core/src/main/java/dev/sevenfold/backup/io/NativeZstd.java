package dev.sevenfold.backup.io;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import dev.sevenfold.backup.error.OperationFailed;

/** What can be in the way of zstd on this machine, whatever it is to read or to write. */
public final class NativeZstd {

  private static final String FOLDER = "ZstdTempFolder";

  private NativeZstd() {}

  /** Whether it has too little memory. */
  public static boolean isOfMachine(Exception e) {
    return e instanceof ZstdIOException zstd && zstd.getErrorCode() == Zstd.errMemoryAllocation();
  }

  /** Nothing is known of the archive. */
  public static OperationFailed failure(Exception e) {
    return new OperationFailed(
        "zstd could not get the memory that it needs: " + e.getMessage(),
        "Give this process more memory, then try again",
        e);
  }

  /** Its native library is unpacked into a folder, and loaded from there. */
  public static OperationFailed failure(LinkageError e) {
    String folder = System.getProperty(FOLDER, System.getProperty("java.io.tmpdir"));
    return new OperationFailed(
        "The native library of zstd could not be loaded from the folder %s: %s"
            .formatted(folder, e.getMessage()),
        "Start Java with -D"
            + FOLDER
            + "=DIR, a folder that this process may write to and load libraries from",
        e);
  }
}
