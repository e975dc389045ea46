package dev.sevenfold.examples.dashboard.web;

/** An answer that is a page of its own: not found, not allowed, too large. Nothing was changed. */
public final class HttpError extends RuntimeException {

  private final int status;
  private final String title;

  /**
   * An error.
   *
   * @param status the status of HTTP
   * @param title what happened, in a few words
   * @param message what to do, for the person in front of the browser
   */
  public HttpError(int status, String title, String message) {
    super(message);
    this.status = status;
    this.title = title;
  }

  /** What everybody gets who asks for what is not there, or not theirs: the two look alike. */
  public static HttpError notFound() {
    return new HttpError(
        404, "There is nothing here", "It may be gone, or it never was yours to see.");
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** What happened, in a few words. */
  public String title() {
    return title;
  }

  /** What to do. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
