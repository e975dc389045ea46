/**
 * How a call of the service is carried out: the catalogue of archives, publishing, retention,
 * safety archives, drills. Start from {@link dev.sevenfold.backup.service.ArchiveCatalog}.
 */
@NullMarked
package dev.sevenfold.backup.service;

import org.jspecify.annotations.NullMarked;
