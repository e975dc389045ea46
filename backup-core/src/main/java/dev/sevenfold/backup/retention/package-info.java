/**
 * Which archives stay. A plan is made from what is there, decides for each archive and says why;
 * applying it is somebody else's. Start from {@link
 * dev.sevenfold.backup.retention.RetentionPolicy}.
 */
@NullMarked
package dev.sevenfold.backup.retention;

import org.jspecify.annotations.NullMarked;
