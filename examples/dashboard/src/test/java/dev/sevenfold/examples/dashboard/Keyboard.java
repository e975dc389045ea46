package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** Walks through a page by the tab key. */
final class Keyboard {

  private static final int MOST = 60;

  /** What has the focus: its name, up to a comma, and whether an outline shows it. */
  private static final String FOCUSED =
      """
      () => {
        const it = document.activeElement;
        const style = getComputedStyle(it);
        const name = it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent;
        const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return (shown ? '' : 'NO OUTLINE ') + name.trim().split(',')[0];
      }
      """;

  private Keyboard() {}

  /** Presses the tab key until something has the focus whose name begins so. */
  static List<String> tabUntil(Page page, String beginning) {
    List<String> seen = new ArrayList<>();
    page.locator("body").evaluate("() => document.activeElement.blur()");
    while (seen.size() < MOST) {
      page.keyboard().press("Tab");
      String name = (String) page.evaluate(FOCUSED);
      assertThat(name).doesNotContain("NO OUTLINE");
      seen.add(name);
      if (name.startsWith(beginning)) {
        return seen;
      }
    }
    throw new AssertionError("The tab key never reached \"" + beginning + "\", only " + seen);
  }
}
