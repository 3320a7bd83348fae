/**
 * Presigned download URLs for Alibaba Cloud OSS (signature version 4), and downloads by them.
 *
 * <pre>{@code
 * Presigner presigner = Presigner.builder().region("cn-hangzhou").build();
 * PresignedUrl url = presigner.presign(
 *     GetObjectPresignRequest.builder().bucket("examplebucket").key("dir/object.txt").build());
 * try (Downloader downloader = Downloader.create()) {
 *   downloader.download(DownloadRequest.builder(url).toFile(new File("object.txt")).build());
 * }
 * }</pre>
 *
 * <p>A {@link io.github.osspresign.Presigner Presigner} makes URLs; a {@link
 * io.github.osspresign.Downloader Downloader} fetches them, or anybody else's; {@link
 * io.github.osspresign.PresignedUrls PresignedUrls} tells what a URL is. What fails is an {@link
 * io.github.osspresign.OssException OssException}, with all that is known of it.
 *
 * <p>Nothing is null unless it is marked so. A null where none is allowed, and text that has a NUL
 * or half a surrogate pair in it, is an {@link java.lang.IllegalArgumentException} that names the
 * argument. If the native library cannot be loaded, the first use of a class that needs it throws
 * an {@link java.lang.IllegalStateException} that says what to do, and so does every later one.
 */
@NullMarked
package io.github.osspresign;

import org.jspecify.annotations.NullMarked;
