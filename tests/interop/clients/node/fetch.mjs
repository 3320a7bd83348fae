// fetch.mjs [--path-as-is] URL FILE [NAME VALUE]...: Node.js https, and http for a URL that has
// that. A URL is taken apart and put together by Node.js; host and path are sent as they are.
import { createWriteStream } from "node:fs";
import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream/promises";

const fields = process.argv.slice(2);
const asIs = fields[0] === "--path-as-is" && fields.shift();
const [url, file] = fields.splice(0, 2);
const headers = {};
for (let i = 0; i < fields.length; i += 2) headers[fields[i]] = fields[i + 1];

const [, scheme, host, port, path] = /^(https?):\/\/([^/:]+):?(\d*)(.*)$/.exec(url);
const { get } = scheme === "https" ? https : http;
const response = await new Promise((resolve, reject) => {
  const request = asIs
    ? get({ host, port, path, headers }, resolve)
    : get(url, { headers }, resolve);
  request.on("error", reject);
});
if (response.statusCode !== 200) {
  console.error(`HTTP ${response.statusCode}`);
  process.exit(1);
}
await pipeline(response, createWriteStream(file));
