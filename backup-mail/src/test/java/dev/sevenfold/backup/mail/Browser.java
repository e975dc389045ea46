package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.testsupport.Programs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * A real browser without a screen. Pages are shown in a frame as wide as a phone or a desk's
 * screen: a window of its own cannot be as narrow as a phone. Use from one thread.
 */
final class Browser {

  /**
   * How a page lies in its window.
   *
   * @param width how wide the window is
   * @param contentWidth how wide the page is; more than the window, if one has to scroll sideways
   * @param contentHeight how high it is
   * @param smallest the size of the smallest text, in pixels
   * @param contrast of the text that stands out least, by the formula of WCAG 2
   * @param brightness of the page behind everything: 1 is white, 0 is black
   */
  record Layout(
      int width,
      int contentWidth,
      int contentHeight,
      double smallest,
      double contrast,
      double brightness) {}

  private static final int MOST_HEIGHT = 4_000;
  private static final Pattern MEASURED =
      Pattern.compile("measured:(\\d+):(\\d+):([0-9.]+):([0-9.]+):([0-9.]+);");

  private static final String FRAME =
      """
      <!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><body style="margin:0; background:#fff">
      <iframe id="f" scrolling="no" style="display:block; border:0; width:%dpx; height:%dpx"></iframe>
      <p id="m"></p>
      <script>
      const f = document.getElementById('f');
      f.onload = () => {
        const d = f.contentDocument, r = d.documentElement;
        const style = e => d.defaultView.getComputedStyle(e);
        const texts = [...d.querySelectorAll('h1,h2,p,td,th,a,strong')]
          .filter(e => e.textContent.trim() && e.getClientRects().length);
        const sizes = texts.map(e => parseFloat(style(e).fontSize));
        const parse = color => color.match(/[\\d.]+/g).map(Number);
        const light = color => parse(color).slice(0, 3).map(v => v / 255)
          .map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4))
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = e => {
          for (; e; e = e.parentElement) {
            const color = style(e).backgroundColor;
            if ((parse(color)[3] ?? 1) > 0) return color;
          }
          return 'rgb(255, 255, 255)';
        };
        const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        const contrasts = texts.filter(hasText).map(e => [light(style(e).color), light(behind(e))])
          .map(([a, b]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
        document.getElementById('m').textContent = 'measured:'
          + Math.max(r.scrollWidth, d.body.scrollWidth) + ':'
          + Math.ceil(d.body.getBoundingClientRect().height) + ':' + Math.min(...sizes) + ':'
          + Math.min(...contrasts).toFixed(2) + ':' + light(behind(d.body)).toFixed(3) + ';';
      };
      f.srcdoc = new TextDecoder().decode(Uint8Array.from(atob('%s'), c => c.charCodeAt(0)));
      </script>
      """;

  private final Path chromium = Programs.require("chromium", "chromium");
  private final Path folder;
  private final boolean dark;

  Browser(Path folder) {
    this(folder, false);
  }

  /** A browser of somebody who prefers dark pages, or not. */
  Browser(Path folder, boolean dark) {
    this.folder = folder;
    this.dark = dark;
  }

  Layout measure(String html, int width) throws Exception {
    String dom = run("--dump-dom", page(html, width, 800));
    Matcher matcher = MEASURED.matcher(dom);
    if (!matcher.find()) {
      throw new AssertionError("The browser measured nothing: " + dom);
    }
    return new Layout(
        width,
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Double.parseDouble(matcher.group(3)),
        Double.parseDouble(matcher.group(4)),
        Double.parseDouble(matcher.group(5)));
  }

  /** A picture of the whole page. */
  void picture(String html, Layout layout, Path png) throws Exception {
    int height = Math.min(layout.contentHeight(), MOST_HEIGHT);
    Path shot = folder.resolve("shot.png");
    run(
        "--screenshot=" + shot,
        "--window-size=%d,%d".formatted(Math.max(layout.width(), 800), height + 200),
        page(html, layout.width(), height));
    BufferedImage whole = ImageIO.read(shot.toFile());
    Files.createDirectories(png.toAbsolutePath().getParent());
    BufferedImage cut = new BufferedImage(layout.width(), height, BufferedImage.TYPE_INT_RGB);
    cut.getGraphics().drawImage(whole.getSubimage(0, 0, layout.width(), height), 0, 0, null);
    ImageIO.write(cut, "png", png.toFile());
  }

  private String page(String html, int width, int height) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(html.getBytes(UTF_8));
    Path file = folder.resolve("page.html");
    Files.writeString(file, FRAME.formatted(width, height, encoded));
    return file.toUri().toString();
  }

  private String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(chromium.toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--no-first-run",
            "--virtual-time-budget=5000",
            "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
            "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("The browser did not end: " + command);
    }
    return Files.readString(out);
  }
}
