package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that nobody but this test trusts, made by the JDK's keytool. Immutable. */
final class Certificate {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path cert;
  private final Path key;
  private final SSLContext trusting;

  private Certificate(Path cert, Path key, SSLContext trusting) {
    this.cert = cert;
    this.key = key;
    this.trusting = trusting;
  }

  /** A certificate of a host, {@code dns:localhost}. */
  static Certificate of(String san, Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=sevenfold test",
                    "-ext",
                    "san=" + san,
                    "-validity",
                    "3650",
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    new String(PASSWORD),
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return new Certificate(
        pem(folder.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("server").getEncoded()),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()),
        context);
  }

  private static Path pem(Path file, String what, byte[] der) throws Exception {
    return Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what));
  }

  /** The arguments of a server that has this certificate. */
  String[] arguments(String... more) {
    String[] all = new String[4 + more.length];
    all[0] = "--cert";
    all[1] = cert.toString();
    all[2] = "--key";
    all[3] = key.toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return all;
  }

  /** A client that trusts this certificate and no other. */
  SSLContext trusting() {
    return trusting;
  }
}
