package dev.sevenfold.backup.sftp;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.session.ClientSession;

/** A password, asked for at each login. Thread-safe if the supplier is. */
final class PasswordLogin implements Login {

  private final Supplier<char[]> password;

  PasswordLogin(Supplier<char[]> password) {
    this.password = password;
  }

  @Override
  public List<UserAuthFactory> ways() {
    // Many servers with PAM take a password only as the answer to their own question.
    return List.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE);
  }

  @Override
  public void offerTo(ClientSession session) {
    char[] secret = password.get();
    try {
      session.addPasswordIdentity(new String(secret));
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  @Override
  public String toString() {
    return "a password";
  }
}
