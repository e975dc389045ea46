package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server in this process, which needs nothing installed, and which can be made to have
 * fewer extensions than OpenSSH, or a broken disk. Its account's password is {@link #PASSWORD}.
 */
final class MinaServer implements AutoCloseable {

  static final String USER = "app";
  static final String PASSWORD = "corréct horse";

  private final SshServer server = SshServer.setUpDefaultServer();
  private final SftpSubsystemFactory sftp = new SftpSubsystemFactory();

  private MinaServer(Path home) {
    server.setHost("127.0.0.1");
    // As OpenSSH does it.
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.setKeyPairProvider(hostKey(home.resolve("mina_host_key")));
    server.setPasswordAuthenticator(
        (user, password, session) -> user.equals(USER) && password.equals(PASSWORD));
    server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
    server.setFileSystemFactory(new NativeFileSystemFactory(true));
    server.setSubsystemFactories(List.of(sftp));
    // By default it counts its handles, and forgets one with each file that cannot be opened: then
    // two files may have the same one, and reading the one gives the other.
    SftpModuleProperties.FILE_HANDLE_SIZE.set(server, 16);
  }

  /** The longest key of its kind, which it would make by default, costs each login 50 ms. */
  private static SimpleGeneratorHostKeyProvider hostKey(Path file) {
    SimpleGeneratorHostKeyProvider key = new SimpleGeneratorHostKeyProvider(file);
    key.setAlgorithm(KeyUtils.EC_ALGORITHM);
    key.setKeySize(256);
    return key;
  }

  static MinaServer in(Path home) {
    return new MinaServer(home);
  }

  /** Offers none of OpenSSH's extensions. */
  MinaServer withoutExtensions() {
    // A list of nothing: an empty text would be as good as none, and none stands for all of them.
    SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, ",");
    return this;
  }

  /** Reaches its files another way. */
  MinaServer accessing(SftpFileSystemAccessor accessor) {
    sftp.setFileSystemAccessor(accessor);
    return this;
  }

  /** Answers to SFTP with these bytes and then no more. */
  MinaServer answering(byte[] bytes) {
    server.setSubsystemFactories(List.of(new OneAnswer(bytes)));
    return this;
  }

  /** Takes a password only as the answer to a question. */
  MinaServer askingForThePassword() {
    server.setPublickeyAuthenticator(null);
    server.setUserAuthFactoriesNames("keyboard-interactive");
    return this;
  }

  MinaServer start() throws IOException {
    server.start();
    return this;
  }

  int port() {
    return server.getPort();
  }

  /** A store in a folder of this server. */
  SftpArchiveStoreBuilder store(Path folder) {
    return SftpArchiveStore.builder("127.0.0.1", USER, folder.toString())
        .port(port())
        .acceptAnyHostKeyDangerously();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /** What is called sftp, and is not. */
  private static final class OneAnswer implements SubsystemFactory {

    private final byte[] bytes;

    OneAnswer(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String getName() {
      return "sftp";
    }

    @Override
    public Command createSubsystem(ChannelSession channel) {
      return new AbstractCommandSupport("sftp", null) {
        @Override
        public void run() {
          try {
            getOutputStream().write(bytes);
            getOutputStream().flush();
          } catch (IOException e) {
            onExit(1, e.getMessage());
          }
        }
      };
    }
  }
}
