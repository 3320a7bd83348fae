// ali-oss puts, gets, heads and deletes at the emulator, and prints presigned URLs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

// An import does not look in NODE_PATH; a require does.
const OSS = createRequire(import.meta.url)("ali-oss");

const port = process.argv[2].split(":")[1];
// ali-oss drops the bucket at an address, so the emulator has `localhost` as a custom domain.
const options = {
  authorizationV4: true,
  bucket: "examplebucket",
  cname: true,
  endpoint: `http://localhost:${port}`,
  region: "oss-cn-hangzhou",
  retryMax: 0,
};
const sdk = new OSS({ ...options, accessKeyId: "id", accessKeySecret: "secret" });
const sts = new OSS({
  ...options,
  accessKeyId: "sts-id",
  accessKeySecret: "sts-secret",
  stsToken: "sts/token+=",
  refreshSTSTokenInterval: 1e9,
});

const keys = ["node/object.txt", "a b+c%/中文/😀.txt", "node/~-_.;:@&=$,#[]"];
const content = (key) => Buffer.from(`ali-oss, ${key}`.repeat(100));

/** Requests signed in the Authorization header; returns the version id. */
async function ordinary(client, key) {
  const put = await client.put(key, content(key), {
    mime: "text/plain",
    meta: { color: "blue" },
  });
  const got = await client.get(key);
  const head = await client.head(key);
  assert.deepEqual(got.content, content(key));
  assert.equal(head.meta.color, "blue");
  assert.equal(head.res.headers["content-length"], String(content(key).length));
  assert.equal(got.res.headers.etag, put.res.headers.etag);
  assert.equal(got.res.headers["x-oss-hash-crc64ecma"], put.res.headers["x-oss-hash-crc64ecma"]);
  return put.res.headers["x-oss-version-id"];
}

async function presign(client, name, key, request = {}, additional = [], expires = 600) {
  const url = await client.signatureUrlV4("GET", expires, request, key, additional);
  const sha256 = createHash("sha256").update(content(key)).digest("hex");
  const line = { name: `${name} ${key}`, url, headers: request.headers ?? {}, sha256 };
  console.log(JSON.stringify(line));
}

await assert.rejects(sdk.get("none"), { code: "NoSuchKey", status: 404, ecCode: "0026-00000001" });
for (const key of keys) await ordinary(sdk, key);
await ordinary(sts, "node/sts.txt");
await sdk.delete("node/sts.txt");
await assert.rejects(sdk.head("node/sts.txt"), { status: 404 });
for (const key of keys) {
  await presign(sdk, "plain", key);
  await presign(sts, "sts", key);
}
const versioned = "node/versions.txt";
const older = await ordinary(sdk, versioned);
await sdk.put(versioned, Buffer.from("newer"));
await presign(sdk, "version", versioned, { queries: { versionId: older } });
const special = keys[1];
const disposition = 'attachment; filename="ü +.txt"';
await presign(sdk, "disposition", special, {
  queries: { "response-content-disposition": disposition },
});
await presign(sdk, "payer", special, { headers: { "x-oss-request-payer": "requester" } });
await presign(
  sdk,
  "additional headers",
  special,
  { headers: { "if-none-match": '"none"', zebra: "stripes  inside" } },
  ["if-none-match", "zebra"],
);
await presign(sdk, "week", special, {}, [], 604800);
