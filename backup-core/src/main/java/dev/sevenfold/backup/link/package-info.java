/**
 * Signed, expiring links that archives are downloaded by. {@link
 * dev.sevenfold.backup.link.DownloadLinks} makes and checks them, {@link
 * dev.sevenfold.backup.link.ArchiveDownload} answers a browser that follows one. Start from {@code
 * BackupService.links}.
 */
@NullMarked
package dev.sevenfold.backup.link;

import org.jspecify.annotations.NullMarked;
