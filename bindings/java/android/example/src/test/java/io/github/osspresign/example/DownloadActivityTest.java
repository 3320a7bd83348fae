package io.github.osspresign.example;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import android.content.res.Configuration;
import android.os.Looper;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.ProgressBar;
import android.widget.TextView;
import io.github.osspresign.Credentials;
import io.github.osspresign.GetObjectPresignRequest;
import io.github.osspresign.Presigner;
import java.io.File;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;

/** The screen, on Android's own classes. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, manifest = "AndroidManifest.xml")
public class DownloadActivityTest {
  private static final int SIZE = 3_000_000;

  private Process oss;
  private String endpoint;
  private byte[] content;
  private ActivityController<DownloadActivity> controller;

  @Before
  public void startOss() throws Exception {
    content = new byte[SIZE];
    new java.util.Random(1).nextBytes(content);
    File object = File.createTempFile("object", null);
    Files.write(object.toPath(), content);
    oss = new ProcessBuilder(System.getProperty("oss.tools") + "/oss-emulator",
        "--access-key-id", "id", "--access-key-secret", "secret",
        "--put", "bucket/object=" + object).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Matcher address =
        Pattern.compile("\"http\":\"([^\"]+)\"").matcher(oss.inputReader().readLine());
    assertTrue(address.find());
    endpoint = "http://" + address.group(1);
    object.delete();
  }

  @After
  public void stopOss() throws Exception {
    oss.getOutputStream().close();
    oss.waitFor();
  }

  private void stallAfter(int bytes) throws Exception {
    HttpURLConnection connection = (HttpURLConnection)
        new java.net.URL(endpoint + "/-/emulator/faults").openConnection(java.net.Proxy.NO_PROXY);
    connection.setDoOutput(true);
    String rule = "{\"bucket\":\"bucket\",\"key\":\"object\",\"times\":1,"
        + "\"faults\":[{\"stall\":{\"after\":" + bytes + "}}]}";
    connection.getOutputStream().write(rule.getBytes(StandardCharsets.UTF_8));
    assertEquals(200, connection.getResponseCode());
  }

  private void launch() throws Exception {
    String url = Presigner.builder().region("cn-hangzhou").endpoint(endpoint)
        .credentials(() -> Credentials.of("id", "secret")).build()
        .presign(GetObjectPresignRequest.builder().bucket("bucket").key("object").build()).url();
    Intent intent = new Intent(RuntimeEnvironment.getApplication(), DownloadActivity.class)
        .putExtra(DownloadActivity.URL, url);
    controller = Robolectric.buildActivity(DownloadActivity.class, intent).setup();
  }

  private File target() {
    return new File(RuntimeEnvironment.getApplication().getFilesDir(), "object");
  }

  private <V extends View> V view(int index, Class<V> type) {
    ViewGroup root = controller.get().findViewById(android.R.id.content);
    return type.cast(((ViewGroup) root.getChildAt(0)).getChildAt(index));
  }

  private String text() {
    return view(1, TextView.class).getText().toString();
  }

  /** Runs what was posted to the main thread until it is so. */
  private void until(BooleanSupplier so) {
    long start = System.nanoTime();
    while (!so.getAsBoolean()) {
      assertTrue("still: " + text(), System.nanoTime() - start < 60_000_000_000L);
      Shadows.shadowOf(Looper.getMainLooper()).idle();
      Thread.onSpinWait();
    }
  }


  @Test
  public void downloadsIntoTheAppsStorage() throws Exception {
    launch();
    until(() -> text().equals("Complete: " + SIZE + " bytes"));
    assertArrayEquals(content, Files.readAllBytes(target().toPath()));
    assertEquals(1000, view(0, ProgressBar.class).getProgress());
    assertEquals("Again", view(2, Button.class).getText().toString());
  }

  @Test
  public void survivesRotation() throws Exception {
    stallAfter(1_000_000);
    launch();
    until(() -> text().endsWith(" bytes"));
    DownloadActivity before = controller.get();
    Configuration turned = new Configuration(before.getResources().getConfiguration());
    turned.orientation = Configuration.ORIENTATION_LANDSCAPE;
    controller.configurationChange(turned);
    assertNotEquals(before, controller.get());
    assertTrue(before.isDestroyed());
    assertEquals("Cancel", view(2, Button.class).getText().toString());
    // The new screen cancels the download that the old one started.
    view(2, Button.class).performClick();
    until(() -> text().equals("Cancelled"));
    assertFalse(target().exists());
  }

  @Test
  public void cancelsAndGoesOnAgain() throws Exception {
    stallAfter(1_000_000);
    launch();
    until(() -> text().endsWith(" bytes"));
    view(2, Button.class).performClick();
    until(() -> text().equals("Cancelled"));
    view(2, Button.class).performClick();
    until(() -> text().equals("Complete: " + SIZE + " bytes"));
    assertArrayEquals(content, Files.readAllBytes(target().toPath()));
    assertEquals(1, target().getParentFile().list().length);
  }

  @Test
  public void leavingCancels() throws Exception {
    stallAfter(1_000_000);
    launch();
    until(() -> text().endsWith(" bytes"));
    controller.get().finish();
    controller.pause().stop().destroy();
    long start = System.nanoTime();
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("download"))) {
      assertTrue(System.nanoTime() - start < 60_000_000_000L);
      Thread.onSpinWait();
    }
    assertFalse(target().exists());
  }

  @Test
  public void saysWhyItFailed() throws Exception {
    oss.getOutputStream().close();
    oss.waitFor();
    oss = new ProcessBuilder(System.getProperty("oss.tools") + "/oss-emulator",
        "--access-key-id", "id", "--access-key-secret", "other", "--bucket", "bucket",
        "--http", endpoint.substring("http://".length())).start();
    oss.inputReader().readLine();
    launch();
    until(() -> text().contains("refused"));
    assertFalse(text().contains("x-oss-"));
  }
}
