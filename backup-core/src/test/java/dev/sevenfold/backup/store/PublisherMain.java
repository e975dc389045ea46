package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.tenant.Label;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/** Publishes one label after the other until it is killed, and prints those that it got. */
final class PublisherMain {

  private static final int LABELS = 10_000;

  private PublisherMain() {}

  public static void main(String[] args) {
    ArchiveStore store = DirectoryArchiveStore.at(Path.of(args[0]));
    int process = Integer.parseInt(args[1]);
    Label label = Label.parse("tenant_1_20261122010100");
    for (int i = 0; i < LABELS; i++, label = label.next()) {
      byte[] bytes = bytes(process * LABELS + i);
      try {
        store.publish(
            label,
            out -> {
              for (int at = 0; at < bytes.length; at += 10_000) {
                out.write(bytes, at, Math.min(10_000, bytes.length - at));
              }
            });
        System.out.println(label);
      } catch (LabelTaken e) {
        // Another process was faster.
      }
    }
  }

  /** What an archive of this seed must hold: the seed, and bytes that follow from it. */
  static byte[] bytes(int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[4 + random.nextInt(300_000)];
    random.nextBytes(bytes);
    ByteBuffer.wrap(bytes).putInt(seed);
    return bytes;
  }
}
