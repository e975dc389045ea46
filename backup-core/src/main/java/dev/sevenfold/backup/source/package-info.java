/**
 * Where backups are taken from and restored into: the SPI that a database engine implements. No
 * type of any one engine appears in it. Start from {@link
 * dev.sevenfold.backup.source.TenantSource}.
 */
@NullMarked
package dev.sevenfold.backup.source;

import org.jspecify.annotations.NullMarked;
