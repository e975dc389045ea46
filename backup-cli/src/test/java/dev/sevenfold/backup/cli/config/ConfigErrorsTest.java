package dev.sevenfold.backup.cli.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigErrorsTest {

  @TempDir Path folder;

  @Test
  void names_the_line_of_a_file_that_is_not_utf8() throws IOException {
    Path file = folder.resolve("sevenfold.yml");
    Files.write(file, "store: {directory: b}\ndatabase: f\u00fc.db\n".getBytes(ISO_8859_1));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Config.read(file))
        .satisfies(
            e -> {
              assertThat(e.what()).isEqualTo(file + ", line 2: the text is not UTF-8");
              assertThat(e.advice()).isEqualTo("Save the file as UTF-8");
            });
  }

  @Test
  void misses_a_secret_before_it_is_needed() throws IOException {
    for (String secret : new String[] {"key: k, key_passphrase", "password"}) {
      Config config =
          Config.read(
              write(
                  "store: {sftp: {host: h, user: u, path: p, host_key: x, SECRET: {file: f}}}"
                      .replace("SECRET", secret)));

      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(config::openStore)
          .satisfies(e -> assertThat(e.what()).contains("which cannot be read"));
    }
  }

  @Test
  void names_the_home_of_another_account_that_cannot_be_found() throws IOException {
    Files.writeString(folder.resolve("k"), "a key");
    Config config =
        Config.read(
            write("store: {sftp: {host: h, user: u, path: ~other/b, host_key: x, key: k}}"));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(config::openStore)
        .satisfies(
            e ->
                assertThat(e.what())
                    .contains("line 1: store.sftp cannot be used: The folder \"~other/b\"")
                    .contains("write its whole path"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "null",
      textBlock =
          """
          store: {directory: b, sftp: {}}         | line 1: store has both directory and sftp | Write one of
          store: {}                               | line 1: store names no place              | Write one of
          store: b                                | line 1: store is "b"                      | Write keys with values
          store:                                  | line 1: store is empty                    | Write keys with values
          store: {directory: [b]}                 | line 1: store.directory is a list         | Write a path
          store: {directory: ""}                  | line 1: store.directory is empty          | Write a path
          store: {folder: b}                      | line 1: store.folder is not a known key   | Allowed here: directory, sftp
          databse: x                              | line 1: databse is not a known key        | Allowed here: database, tenants
          database: x                             | the file has no key store                 | Add store
          database: x\\ndatabase: y               | line 2: database is there twice           | Keep one
          database: [x                            | line 1: expected ',' or ']'               | Correct the YAML
          "[1, 2]"                                | the file is                               | Write keys with values
          store: {sftp: {host: h}}                | line 1: store.sftp has no key user        | Add user
          store: {sftp: {host: h, user: u, path: p}} | line 1: store.sftp has no key key     | Add key
          store: {sftp: {host: h, user: u, path: p, key: k, password: {env: P}}} | store.sftp has both a key and a password | Write one
          store: {sftp: {host: h, user: u, path: p, password: p}} | store.sftp.password is written out | {env: VARIABLE}
          store: {sftp: {host: h, user: u, path: p, password: {}}} | store.sftp.password names no place | {env: VARIABLE}
          store: {sftp: {host: h, user: u, path: p, key: k, known_hosts: f, host_key: x}} | store.sftp has both host_key and | Write one
          store: {age: {recipients: [a]}}         | line 1: store names no place              | Write one of
          store: {directory: b, age: {}}          | line 1: store.age names no key            | Write recipients
          store: {directory: b, age: {recipients: [a], passphrase: {env: P}}} | store.age has both recipients | Write one
          store: {mirror: [{directory: b, retention: {keep_last: 1}}, {directory: c, age: {recipients: [a]}}]} | store.mirror has a retention for a replica | Add identity
          store: {mirror: [{directory: b}]}       | line 1: store.mirror has fewer than two   | Write [{directory
          store: {mirror: [], directory: b}       | line 1: store has mirror and something    | into each replica
          store: {mirror: [{directory: b}, {mirror: []}]} | store.mirror[1].mirror is not a known | Allowed here
          store: {mirror: [{directory: b}, {directory: c, retention: {}}]} | store.mirror[1].retention keeps nothing | keep_last
          store: {sftp: {host: h, port: 0}}       | line 1: store.sftp.port is 0              | from 1 to 65535
          store: {sftp: {host: h, port: x}}       | line 1: store.sftp.port is "x"            | a whole number
          """)
  void says_what_is_wrong_and_where(String yaml, String what, String advice) throws IOException {
    Path file = write(yaml.replace("\\n", "\n"));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Config.read(file))
        .satisfies(
            e -> {
              assertThat(e.what()).startsWith(file.toString()).contains(what);
              assertThat(e.advice()).contains(advice);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tenants: {}                                     | line 2: tenants has no key table
          tenants: {table: [a]}                           | line 2: tenants.table is a list
          tenants: {table: t, colum: c}                   | line 2: tenants.colum is not a known key
          tenants: {table: t, shared: a}                  | line 2: tenants.shared is "a"
          tenants: {table: t, ignored: [{a: b}]}          | line 2: tenants.ignored[0] is a mapping
          tenants: {table: t, nobodys: [audit_logs]}      | line 2: tenants.nobodys is a list
          tenants: {table: t, nobodys: {audit_logs: yes}} | line 2: tenants.nobodys.audit_logs is "yes"
          tenants: {table: t, display: [customers.name]}  | line 2: tenants.display is a list
          tenants: {table: t, display: {customers: [n]}}  | line 2: tenants.display.customers is a list
          tenants: {table: t, owned: [x]}                 | line 2: tenants.owned[0] is "x"
          tenants: {table: t, owned: [{column: c}]}       | line 2: tenants.owned[0] has no key table
          tenants: {table: t, owned: [{table: a}]}        | line 2: tenants.owned[0] does not say how a is owned
          tenants: {table: t, owned: [{table: a, shared_rows: {}}]}         | line 2: tenants.owned[0].shared_rows is empty
          tenants: {table: t, owned: [{table: a, shared_rows: [c]}]}        | line 2: tenants.owned[0].shared_rows is a list
          tenants: {table: t, owned: [{table: a, shared_rows: {c: []}}]}    | line 2: tenants.owned[0].shared_rows.c is empty
          tenants: {table: t, owned: [{table: a, shared_rows: {c: null}}]}  | line 2: tenants.owned[0].shared_rows.c is null
          tenants: {table: t, owned: [{table: a, shared_rows: {c: [1, null]}}]} | line 2: tenants.owned[0].shared_rows.c[1] is null
          tenants: {table: t, owned: [{table: a, shared_rows: {c: 0.5}}]}   | line 2: tenants.owned[0].shared_rows.c is 0.5
          tenants: {table: t, owned: [{table: a, shared_rows: {c: true}}]}  | line 2: tenants.owned[0].shared_rows.c is true
          tenants: {table: t, owned: [{table: a, references: {}}]}          | tenants.owned[0].references is empty
          tenants: {table: t, owned: [{table: a, references: {b: users}}]}  | tenants.owned[0].references.b is "users"
          tenants: {table: t, owned: [{table: a, referenced_by: b}]}        | tenants.owned[0].referenced_by is "b"
          tenants: {table: t, owned: [{table: a, referenced_by: []}]}       | tenants.owned[0].referenced_by is empty
          tenants: {table: t, owned: [{table: a, polymorphic: {type: x, id: y}}]} | tenants.owned[0].polymorphic has no key targets
          tenants: {table: t, owned: [{table: a, polymorphic: {type: x, id: y, targets: {}}}]} | targets is empty
          tenants: {table: t, owned: [{table: a, delegated: {type: x, targets: {A: as}}}]} | tenants.owned[0].delegated has no key id
          tenants: {table: t, owned: [{table: a, delegated: {type: x, id: y, targets: {}}}]} | targets is empty
          tenants: {table: t, files: [{root: r, table: b}]}                 | tenants.files[0] has no key path
          tenants: {table: t, files: [{root: r, table: b, path: "x"}]}      | tenants.files[0].path is "x"
          tenants: {table: t, files: [{root: r, table: b, path: "{k[2}"}]}  | tenants.files[0].path is "{k[2}"
          tenants: {table: t, files: [{root: r, table: b, path: "{k}", shared: 1}]} | tenants.files[0].shared is "1"
          tenants: {table: t, files: [{root: r, table: b, path: "{k}", new_key: k, shared: true}]} | tenants.files[0] says shared: true and new_key: k
          system: {files: {a: b}}                         | line 2: system has no key databases
          system: {databases: {}}                         | line 2: system.databases is empty
          system: {databases: {a/b: x}}                   | line 2: system.databases.a/b has the name "a/b"
          system: {databases: {a: x}, mode: "888"}        | line 2: system.mode is 888
          retention: {}                                   | line 2: retention keeps nothing
          retention: {keep_last: 0}                       | line 2: retention.keep_last is 0
          retention: {keep_last: "7"}                     | line 2: retention.keep_last is "7"
          retention: {keep_last: 7.5}                     | line 2: retention.keep_last is "7.5"
          retention: {keep_last: 99999999999}             | line 2: retention.keep_last is 99999999999
          retention: {keep_within: 30}                    | line 2: retention.keep_within is "30"
          labels: {zone: Mars/Base}                       | line 2: labels.zone is "Mars/Base"
          busy_timeout: forever                           | line 2: busy_timeout is "forever"
          compression: rar                                | line 2: compression is "rar"
          database: jdbc:postgresql://localhost/x         | line 2: database is a JDBC URL
          """)
  void checks_every_section(String yaml, String what) throws IOException {
    Path file = write("store: {directory: b}\n" + yaml);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Config.read(file))
        .satisfies(e -> assertThat(e.what()).contains(what));
  }

  @Test
  void says_which_folder_may_not_be_entered() throws IOException {
    Path closed = Files.createDirectories(folder.resolve("closed"));
    Path config = Files.createDirectory(closed.resolve("etc")).resolve("sevenfold.yml");
    Files.writeString(config, "store: {directory: b}");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeTrue(!Files.isExecutable(closed), "SKIPPED: root may enter every folder");

      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> Config.read(config))
          .withMessageContaining("cannot be reached: " + closed + " may not be entered");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void needs_a_file_with_something_in_it() throws IOException {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Config.read(folder.resolve("nothing.yml")))
        .withMessageContaining("there is no config file");
    Path empty = write("");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Config.read(empty))
        .withMessageContaining("is empty");
    Path binary = folder.resolve("binary.yml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xd8, 0, 1});
    assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> Config.read(binary));
  }

  @Test
  void needs_the_tenants_only_for_commands_that_work_on_them() throws IOException {
    Config config = Config.read(write("store: {directory: b}"));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(config::requireDatabase)
        .withMessageContaining("the key database is missing");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(config::requireTenants)
        .withMessageContaining("the key tenants is missing");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("sevenfold.yml"), yaml);
  }
}
