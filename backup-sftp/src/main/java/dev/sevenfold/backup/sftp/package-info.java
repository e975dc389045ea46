/**
 * Archives on another machine, over SFTP. Start from {@link
 * dev.sevenfold.backup.sftp.SftpArchiveStore}.
 */
@NullMarked
package dev.sevenfold.backup.sftp;

import org.jspecify.annotations.NullMarked;
