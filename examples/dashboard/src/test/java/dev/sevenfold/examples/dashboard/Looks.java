package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;

/** Measures what makes a page hard to read or to use. */
final class Looks {

  /** Texts that stand out too little from what is behind them, by the formula of WCAG 2. */
  private static final String FAINT =
      """
      () => {
        const parse = color => (color.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
        const light = color => {
          const [r, g, b] = parse(color).map(value => {
            const part = value / 255;
            return part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = it => {
          for (; it; it = it.parentElement) {
            const color = getComputedStyle(it).backgroundColor;
            const alpha = parse(color)[3] ?? 1;
            if (alpha > 0) return color;
          }
          return 'rgb(255, 255, 255)';
        };
        const faint = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const text = walker.currentNode.textContent.trim();
          const it = walker.currentNode.parentElement;
          if (!text || !it.checkVisibility() || it.closest('title, noscript, datalist')) continue;
          const style = getComputedStyle(it);
          const ink = it.closest('svg') ? style.fill : style.color;
          const [one, two] = [light(ink), light(behind(it))].sort((a, b) => b - a);
          const ratio = (one + 0.05) / (two + 0.05);
          const size = parseFloat(style.fontSize);
          const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
          if (ratio < (large ? 3 : 4.5)) faint.push(`${text}: ${ratio.toFixed(2)}`);
        }
        return faint;
      }
      """;

  /** Controls without a name. */
  private static final String NAMELESS =
      """
      () => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
        .filter(it => !(it.getAttribute('aria-label') || it.labels?.length || it.textContent.trim()))
        .map(it => it.outerHTML)
      """;

  /** Controls that a finger misses, but for links inside of a text. */
  private static final String TINY =
      """
      () => [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
        .filter(it => it.checkVisibility() && !it.closest('.skip, p:not(.check), th, td:not(.do)'))
        .filter(it => it.type !== 'checkbox')
        .filter(it => it.getBoundingClientRect().height < 36)
        .map(it => it.outerHTML)
      """;

  /** What sticks out of its card; wide tables scroll inside of it. */
  private static final String OUTSIDE =
      """
      () => [...document.querySelectorAll('.card *')]
        .filter(it => it.checkVisibility() && !it.closest('.unseen') && !it.closest('.scroll > *'))
        .filter(it => it.getBoundingClientRect().right
          > it.closest('.card').getBoundingClientRect().right + 1)
        .map(it => it.outerHTML.slice(0, 200))
      """;

  private static final String TOO_WIDE =
      "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";

  private static final String HEADINGS = "() => document.querySelectorAll('h1').length";

  private static final String DOUBLED_IDS =
      """
      () => [...document.querySelectorAll('[id]')].map(it => it.id)
        .filter((id, i, all) => all.indexOf(id) !== i)
      """;

  private Looks() {}

  static void check(Page page, String name) {
    assertThat((List<?>) page.evaluate(FAINT)).as("faint texts of " + name).isEmpty();
    assertThat((List<?>) page.evaluate(NAMELESS)).as("nameless controls of " + name).isEmpty();
    assertThat((List<?>) page.evaluate(TINY)).as("tiny controls of " + name).isEmpty();
    assertThat((List<?>) page.evaluate(OUTSIDE)).as("outside of the cards of " + name).isEmpty();
    assertThat((List<?>) page.evaluate(DOUBLED_IDS)).as("doubled ids of " + name).isEmpty();
    assertThat(page.evaluate(TOO_WIDE)).as("pixels to the right of " + name).isEqualTo(0);
    assertThat(page.evaluate(HEADINGS)).as("first headings of " + name).isEqualTo(1);
  }
}
