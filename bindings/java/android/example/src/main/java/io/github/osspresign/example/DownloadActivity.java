package io.github.osspresign.example;

import android.app.Activity;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ProgressBar;
import android.widget.TextView;
import io.github.osspresign.Downloader;
import java.io.File;

/**
 * A screen that downloads the presigned URL of its intent into the app's own storage: in the
 * background, with progress and cancel. Turning the device makes a new screen; the download goes on.
 */
public class DownloadActivity extends Activity implements DownloadTask.Observer {
  /** The URL, from the app's server. */
  public static final String URL = "url";

  private static final int STEPS = 1000;

  /** One for the app: it keeps connections, and its threads end with each download. */
  private static Downloader downloader;

  private DownloadTask task;
  private ProgressBar bar;
  private TextView text;
  private Button button;

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    buildScreen();
    task = (DownloadTask) getLastNonConfigurationInstance();
    if (task == null) {
      start();
    }
  }

  private void buildScreen() {
    bar = new ProgressBar(this, null, android.R.attr.progressBarStyleHorizontal);
    bar.setMax(STEPS);
    text = new TextView(this);
    button = new Button(this);
    button.setOnClickListener(view -> onButton());
    LinearLayout column = new LinearLayout(this);
    column.setOrientation(LinearLayout.VERTICAL);
    column.addView(bar);
    column.addView(text);
    column.addView(button);
    setContentView(column);
  }

  private void start() {
    button.setText("Cancel");
    task = new DownloadTask(downloader(), getIntent().getStringExtra(URL), target());
  }

  private static synchronized Downloader downloader() {
    if (downloader == null) {
      downloader = Downloader.create();
    }
    return downloader;
  }

  /** Needs no permission, and goes with the app. */
  private File target() {
    return new File(getFilesDir(), "object");
  }

  private void onButton() {
    if (task.isRunning()) {
      task.cancel();
    } else {
      start();
      task.observe(this);
    }
  }

  @Override
  protected void onStart() {
    super.onStart();
    button.setText("Cancel");
    task.observe(this);
  }

  @Override
  protected void onStop() {
    task.observe(null);
    super.onStop();
  }

  /** The screen is made anew; the download goes over to the new one. */
  @Override
  public Object onRetainNonConfigurationInstance() {
    return task;
  }

  @Override
  protected void onDestroy() {
    if (isFinishing()) {
      task.cancel();
    }
    super.onDestroy();
  }

  @Override
  public void onProgress(long bytesDone, long bytesTotal) {
    bar.setIndeterminate(bytesTotal < 0);
    bar.setProgress(bytesTotal > 0 ? (int) (bytesDone * STEPS / bytesTotal) : 0);
    text.setText(bytesDone + " bytes");
  }

  @Override
  public void onEnd(String message) {
    text.setText(message);
    button.setText("Again");
  }
}
