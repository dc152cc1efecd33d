// Files across the gap by camera: the single file as the bridge on a machine without a network. A fake camera sees the frames
// that `coldamp qr show` makes; what the page shows is read from its canvas.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { Locator } from "@playwright/test";
import { BINARIES, expect, test, watch } from "./desk.ts";
import { ASSIGNED, fetchRequest, finish, openPage, openTreasury, prepare, readCoins, step } from "./steps.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
const PSET = join(ROOT, "tests", "vectors", "blinding", "wpkh.distribute.pset");
const FILE = pathToFileURL(join(ROOT, "web", "dist", "coldamp.html")).href;
const FOLDER = join(import.meta.dirname, "results", "camera");
const VIDEO = join(FOLDER, "frames.y4m");

/** The page's own library for QR codes. */
const web = createRequire(join(ROOT, "web", "package.json"));
const { default: encodeQR } = (await import(pathToFileURL(web.resolve("qr")).href)) as typeof import("qr");
const { default: decodeQR } = (await import(pathToFileURL(web.resolve("qr/decode.js")).href)) as typeof import("qr/decode.js");

/** A video of the codes, each for one picture: YUV4MPEG2, which Chromium takes for a camera and repeats. */
function video(texts: readonly string[]): Buffer {
  const side = 960;
  const parts = [Buffer.from(`YUV4MPEG2 W${side} H${side} F5:1 Ip A1:1 C420jpeg\n`)];
  for (const text of texts) {
    const rows = encodeQR(text, "raw", { ecc: "low", border: 4 });
    const scale = Math.floor(side / rows.length);
    const luma = Buffer.alloc(side * side, 235);
    rows.forEach((row, y) =>
      row.forEach((dark, x) => {
        if (!dark) return;
        for (let line = y * scale; line < (y + 1) * scale; line += 1) luma.fill(16, line * side + x * scale, line * side + (x + 1) * scale);
      }),
    );
    parts.push(Buffer.from("FRAME\n"), luma, Buffer.alloc((side * side) / 2, 128));
  }
  return Buffer.concat(parts);
}

function frames(file: string): string[] {
  const shown = execFileSync(join(BINARIES, "coldamp"), ["qr", "show", file, "--text"], { encoding: "utf8" });
  return shown.trimEnd().split("\n");
}

/** The texts of all codes that a part of the page shows in turn. */
async function shown(part: Locator): Promise<string[]> {
  await part.getByRole("button", { name: "Pause" }).click();
  const canvas = part.getByRole("img", { name: /^QR code, frame / });
  await expect(canvas).toHaveAttribute("aria-label", / of [1-9]\d*$/);
  const count = Number(/ of (\d+)$/.exec((await canvas.getAttribute("aria-label")) ?? "")?.[1]);
  expect(count).toBeGreaterThan(5);
  const lines = new Set<string>();
  for (let turn = 0; turn < 20 * count && lines.size < count; turn += 1) {
    // A character for each dot: as numbers they would take seconds.
    const { width, height, dots } = await canvas.evaluate((drawn: HTMLCanvasElement) => {
      const context = drawn.getContext("2d");
      const { data } = context!.getImageData(0, 0, drawn.width, drawn.height);
      let dots = "";
      for (let at = 0; at < data.length; at += 4) dots += data[at]! < 128 ? "1" : "0";
      return { width: drawn.width, height: drawn.height, dots };
    });
    const data = new Uint8ClampedArray(dots.length * 4);
    for (let at = 0; at < dots.length; at += 1) data.fill(dots[at] === "1" ? 0 : 255, at * 4, at * 4 + 4);
    lines.add(decodeQR({ width, height, data }));
    await part.getByRole("button", { name: "Next frame" }).click();
  }
  return [...lines];
}

mkdirSync(FOLDER, { recursive: true });
writeFileSync(VIDEO, video(frames(PSET)));

test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${VIDEO}`],
  },
});

test("without a network the single file makes a file of what the camera sees, and shows a file as QR codes", async ({ page, desk }) => {
  const watched = watch(page);
  await page.context().setOffline(true);
  await page.goto(FILE);
  await expect(page.getByRole("banner")).toContainText("Without a network it carries files to and from QR codes");
  const bridge = page.locator("#bridge");
  await bridge.getByText("QR codes and files").click();

  await bridge.getByRole("button", { name: "Scan QR codes with the camera" }).click();
  await expect(bridge.getByRole("status").filter({ hasText: "Read: " })).toBeVisible({ timeout: 90_000 });
  const saved = page.waitForEvent("download");
  await bridge.getByRole("button", { name: "Save scanned.pset" }).click();
  const download = await saved;
  // As `prepare` writes it: with a line feed.
  const written = `${readFileSync(PSET, "utf8").trim()}\n`;
  expect(readFileSync(await download.path(), "utf8")).toBe(written);

  await bridge.getByLabel("File to show").setInputFiles(PSET);
  // What this test reads from the canvas, the browser complains of.
  expect(watched.complaints).toEqual([]);
  const lines = await shown(bridge);
  desk.write("scan.txt", lines.join("\n"));
  desk.coldamp("qr", "join", "scan.txt", "-o", "back.pset");
  expect(desk.read("back.pset")).toBe(written);

  expect(watched.requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
});

test("a whole job crosses by camera in both directions, and no file does", async ({ page, desk }) => {
  await openPage(page, desk);
  await openTreasury(page, desk.descriptor);
  await fetchRequest(page, "distribute", desk.assets[0]!, ASSIGNED);
  await readCoins(page);
  const approval = await prepare(page);
  const hand = step(page, "Hand over");
  await hand.getByRole("button", { name: "Show as animated QR" }).click();
  desk.write("scan.txt", (await shown(hand)).join("\n"));
  desk.coldamp("qr", "join", "scan.txt", "-o", "job.pset");
  const keys = ["--keystore", "treasury.age", "--passphrase-file", "passphrase"];
  expect(desk.coldamp("review", "job.pset", ...keys)).toContain(approval);
  desk.coldamp("sign", "job.pset", ...keys, "--approve", approval, "--signatures", "-o", "job.signatures.json");

  // The camera opens its file when the page asks for it.
  writeFileSync(VIDEO, video(frames(desk.path("job.signatures.json"))));
  const back = step(page, "Coming back");
  await back.getByText("Combine the parts of several signers").click();
  await back.getByRole("button", { name: "Scan a part with the camera" }).click();
  const combine = back.getByRole("button", { name: "Combine the parts" });
  await expect(combine).toBeEnabled({ timeout: 60_000 });
  await combine.click();
  await expect(back.getByText("byte for byte")).toBeVisible();
  await finish(page);
});
