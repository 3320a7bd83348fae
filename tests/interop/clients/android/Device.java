import static java.nio.charset.StandardCharsets.UTF_8;

import com.android.okhttp.HttpHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URL;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.RunWith;
import org.junit.runner.notification.Failure;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/**
 * Android on the JVM, by Robolectric.
 *
 * <p>A line of standard input is one download, ["URL", "FILE", "NAME", "VALUE"...]; it is answered
 * by a line, {"saved": "FILE"} or {"failed": "why"}.
 */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, manifest = Config.NONE)
public class Device {
  @Test
  public void downloads() throws Exception {
    // As on a device; without it http would be the JDK's.
    URL.setURLStreamHandlerFactory(scheme -> scheme.equals("http") ? new HttpHandler() : null);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JSONArray given = new JSONArray(line);
      String[] arguments = new String[given.length()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = given.getString(i);
      }
      String failed = new Download().execute(arguments).get();
      JSONObject answer = new JSONObject();
      answer.put(failed.isEmpty() ? "saved" : "failed", failed.isEmpty() ? arguments[1] : failed);
      System.out.println(answer);
    }
  }

  public static void main(String[] arguments) {
    Result result = JUnitCore.runClasses(Device.class);
    for (Failure failure : result.getFailures()) {
      System.err.println(failure.getTrace());
    }
    System.exit(result.wasSuccessful() ? 0 : 1);
  }
}
