package dev.sevenfold.examples.dashboard;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;

/**
 * How the application is set up. Immutable.
 *
 * @param folder where everything is kept
 * @param port where to listen on the loopback interface; 0 takes a port that is free
 * @param publicAddress what browsers call it, if a proxy stands before it; decides on cookies
 * @param largestUpload how many bytes an archive may have that support imports
 * @param clock what tells the time
 */
record Settings(Path folder, int port, URI publicAddress, long largestUpload, Clock clock) {

  private static final int PORT = 8095;
  private static final long LARGEST_UPLOAD = 512L << 20;

  /** The usual ones, for a folder. */
  static Settings in(Path folder) {
    return new Settings(
        folder, PORT, URI.create("http://localhost:" + PORT), LARGEST_UPLOAD, Clock.systemUTC());
  }

  Settings onPort(int other) {
    return new Settings(folder, other, publicAddress, largestUpload, clock);
  }

  Settings uploadingUpTo(long bytes) {
    return new Settings(folder, port, publicAddress, bytes, clock);
  }

  Settings by(Clock other) {
    return new Settings(folder, port, publicAddress, largestUpload, other);
  }

  Settings at(URI address) {
    return new Settings(folder, port, address, largestUpload, clock);
  }

  /** Whether browsers come by TLS, so that cookies never leave it. */
  boolean isSecure() {
    return publicAddress.getScheme().equals("https");
  }
}
