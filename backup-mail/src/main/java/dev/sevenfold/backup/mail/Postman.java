package dev.sevenfold.backup.mail;

import java.util.List;

/** Hands mails to a server. */
interface Postman {

  /** Hears what became of each mail. */
  interface Outcome {
    void delivered(OutboxItem mail);

    /** Worth another try, later. */
    void failed(OutboxItem mail, Exception why);

    /** The server will never take it. */
    void refused(OutboxItem mail, Exception why);
  }

  /** Hands all of them in, one after the other; tells of each one exactly once. */
  void deliver(List<OutboxItem> mails, Outcome outcome);
}
