package dev.sevenfold.backup.age;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;

/** Key pairs that age-keygen made, for tests alone, and archives to encrypt for them. */
final class Keys {

  static final String PUBLIC = "age1mc0azcpdmj3wqltkqf249f0ksdkwdra4jsmgr0fpql3x04rxc3zsqeas62";
  static final String OTHER_PUBLIC =
      "age1f4spk0l86uefhpy0akpkv9hl09t97pz28gvxs0tdnr3etesguy5sfdaxrl";

  static final Label LABEL = Label.parse("tenant_1_20261122120000");

  private Keys() {}

  static char[] secret() {
    return "AGE-SECRET-KEY-1RYNTAP8ALJ5A9LQSCNMSQKKAXTHXY5FFW5K33HJ36PPEEGV8WX6QGRYM44"
        .toCharArray();
  }

  static char[] otherSecret() {
    return "AGE-SECRET-KEY-19P6KV49D6F0LMU2SR5UYFNMTCEXDXPG87XY6XT3DWHYGVP5TDENSFMK7HZ"
        .toCharArray();
  }

  static AgeArchiveStore store(ArchiveStore inner) {
    return AgeArchiveStore.builder(inner).recipient(PUBLIC).identity(secret()).build();
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static byte[] read(ArchiveStore store, Label label) throws IOException {
    try (InputStream in = store.open(label)) {
      return in.readAllBytes();
    }
  }
}
