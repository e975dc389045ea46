/**
 * Serves downloads in three frameworks, each in a class to copy: {@link
 * dev.sevenfold.examples.download.JdkDownloads}, {@link
 * dev.sevenfold.examples.download.DownloadServlet} and {@link
 * dev.sevenfold.examples.download.DownloadController}.
 */
@NullMarked
package dev.sevenfold.examples.download;

import org.jspecify.annotations.NullMarked;
