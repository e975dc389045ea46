package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How mails look, in Chromium. The pictures are in {@code target/pictures}; those of the README are
 * made anew by {@code -Dpictures=../docs/images}.
 */
class MailPicturesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "backup, en, 390, light, mail-phone",
    "backup, en, 1000, light, mail-desktop",
    "backup, de, 320, light, backup-de-small",
    "warned, da, 390, dark, warned-da-dark",
    "restore, da, 390, light, restore-da-phone",
    "operator, de, 390, light, operator-de-phone",
    "operator, en, 1000, dark, operator-en-dark"
  })
  void fits_its_window_and_can_be_read(
      String mail, String language, int width, String scheme, String name) throws Exception {
    boolean dark = scheme.equals("dark");
    Browser browser = new Browser(folder, dark);
    String html = new MailTemplates().html(MailGoldenTest.content(mail, language));

    Browser.Layout layout = browser.measure(html, width);
    Path picture = Path.of("target/pictures", name + ".png");
    browser.picture(html, layout, picture);

    assertThat(layout.contentWidth()).isLessThanOrEqualTo(width);
    assertThat(layout.smallest()).isGreaterThanOrEqualTo(13);
    assertThat(layout.contentHeight()).isBetween(400, 3_000);
    assertThat(layout.contrast()).isGreaterThanOrEqualTo(4.5);
    assertThat(layout.brightness() < 0.1).isEqualTo(dark);
    assertThat(picture).isNotEmptyFile();
    String readme = System.getProperty("pictures", "");
    if (!readme.isEmpty() && name.startsWith("mail-")) {
      Files.copy(
          picture,
          Files.createDirectories(Path.of(readme)).resolve(name + ".png"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @ParameterizedTest
  @CsvSource({"320", "390", "1000"})
  void long_words_break_and_hostile_ones_stay_text(int width) throws Exception {
    String word = "x".repeat(400);
    MailContent content =
        new MailContent(
            "en",
            word,
            word,
            word,
            List.of(word, "<script>document.title='owned'</script>"),
            List.of(new MailContent.Fact("Name", word)),
            Optional.of(new MailContent.Action(word, "https://app.example/" + word, word)),
            List.of(
                new MailContent.Section(
                    word, List.of(word), List.of(new MailContent.Item(word, List.of(word))))),
            List.of(word));
    String html = new MailTemplates().html(content);

    assertThat(html).doesNotContain("<script");
    Browser.Layout layout = new Browser(folder).measure(html, width);
    assertThat(layout.contentWidth()).isLessThanOrEqualTo(width);
  }
}
