package dev.sevenfold.examples.dashboard.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that show that a form is one of ours: only who sees the page knows its token, and another
 * site does not see it. A token belongs to one session cookie. Thread-safe.
 */
public final class Csrf {

  private final byte[] key;

  /** Tokens made with a secret key. */
  public Csrf(byte[] key) {
    this.key = key.clone();
  }

  /** The token of the forms that are shown to the owner of a cookie. */
  public String token(String cookie) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] signed = mac.doFinal(cookie.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Refuses a form that does not have the token of the cookie that came with it. */
  public void require(String cookie, String token) {
    byte[] wanted = token(cookie).getBytes(StandardCharsets.UTF_8);
    // The token of no cookie at all would be everybody's.
    // In constant time: an answer must not tell how much of a token was right.
    if (cookie.isBlank()
        || !MessageDigest.isEqual(wanted, token.getBytes(StandardCharsets.UTF_8))) {
      throw new HttpError(
          403,
          "This page was open for too long",
          "Nothing was changed. Go back to the start page, and try again from there.");
    }
  }
}
