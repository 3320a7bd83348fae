// fetch.mjs fetch|link: headless Chromium on a page of its own origin, which fetches by JavaScript
// or has a link clicked.
//
// A line of standard input is one download, ["URL", "FILE", "NAME", "VALUE"...]; it is answered by
// a line, {"saved": "FILE"} with the name that the browser gave it, or {"failed": "why"}.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import readline from "node:readline";

import puppeteer from "puppeteer-core";

const how = process.argv[2];
const html = await readFile(new URL("page.html", import.meta.url));
const server = http.createServer((request, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end(html);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  // Its sandbox does not work for root and in many containers; it sees loopback pages only.
  // Where /dev/shm is small, as in a container, it would crash.
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
  timeout: 120_000,
});

async function download(url, file, ...fields) {
  const headers = {};
  for (let i = 0; i < fields.length; i += 2) headers[fields[i]] = fields[i + 1];
  const devtools = await browser.target().createCDPSession();
  const page = await browser.newPage();
  try {
    // The next answer to the same URL may be a refusal.
    await page.setCacheEnabled(false);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await devtools.send("Browser.setDownloadBehavior", {
      behavior: "allow",
      downloadPath: path.dirname(file),
      eventsEnabled: true,
    });
    const saved = new Promise((resolve, reject) => {
      devtools.on("Browser.downloadProgress", ({ state, filePath }) => {
        if (state === "completed") resolve(filePath);
        if (state === "canceled") reject(new Error("cancelled"));
      });
      // After a link, a refusal is a page of its own; of a fetch, the page itself has to see it.
      page.on("response", (response) => {
        if (how === "link" && response.status() >= 400) {
          reject(new Error(`HTTP ${response.status()}`));
        }
      });
      AbortSignal.timeout(60_000).onabort = () => reject(new Error("neither file nor refusal"));
    });
    const clicked =
      how === "link"
        ? page.evaluate((to) => follow(to), url)
        : page.evaluate((...all) => fetchAndSave(...all), url, headers, path.basename(file));
    return (await Promise.all([saved, clicked]))[0];
  } finally {
    await page.close();
    await devtools.detach();
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const answer = await download(...JSON.parse(line)).then(
    (saved) => ({ saved }),
    (error) => ({ failed: error.message }),
  );
  console.log(JSON.stringify(answer));
}
await browser.close();
server.close();
