// An issuer's desk for one test: a folder with keys and files, a sandbox, the page on it, and `coldamp` as on the air-gapped
// machine. The folder is removed and the servers are stopped when the test ends.

import { test as base, expect, type Page } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** The words of the recorded treasury `wpkh`, known to everybody. */
const WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

const ROOT = resolve(import.meta.dirname, "..", "..");
/** Where the binaries are. */
export const BINARIES = process.env.COLDAMP_BINARIES ?? join(ROOT, "target", "debug");
const DIST = join(ROOT, "web", "dist");
const KEYS = ["--keystore", "treasury.age", "--passphrase-file", "passphrase"];

/** An asset that the sandbox founded. */
export interface Asset {
  uuid: string;
  id: string;
  kind: string;
  ticker: string;
}

/** See the file. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "coldamp-browser-"));
  readonly assets: Asset[] = [];
  /** Where the page is, with a slash at the end. */
  page = "";
  /** The sandbox's own addresses, which the page does not use. */
  esplora = "";
  amp = "";
  descriptor = "";
  private readonly servers: ChildProcess[] = [];

  static async open(): Promise<Desk> {
    const desk = new Desk();
    desk.write("words", WORDS);
    desk.write("passphrase", "staple battery 7 horse");
    desk.coldamp("key", "restore", "--no-policy", ...KEYS, "--network", "regtest", "--mnemonic-file", "words");
    desk.descriptor = desk.coldamp("key", "watch", ...KEYS).trim();
    desk.write("treasury.descriptor", desk.descriptor);
    await desk.serve();
    return desk;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string | Uint8Array): string {
    writeFileSync(this.path(name), typeof text === "string" ? `${text}\n` : text, { mode: 0o600 });
    return this.path(name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** A file with AMP's user name and password, as the command line takes it. */
  login(): string {
    return this.write("amp.login", "issuer\nsandbox");
  }

  /** Runs the air-gapped binary and gives its data. */
  coldamp(...args: string[]): string {
    return this.run("coldamp", args);
  }

  /** Runs the online binary and gives its data. */
  online(...args: string[]): string {
    return this.run("coldamp-online", [...args]);
  }

  private run(binary: string, args: string[]): string {
    return execFileSync(join(BINARIES, binary), args, {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, XDG_STATE_HOME: this.path("state-home"), XDG_CONFIG_HOME: this.path("none") },
    });
  }

  /** Reviews and signs what the page handed over; gives the signed file's path and the approval code of the cold side. */
  sign(pset: string, out: string): { path: string; approval: string } {
    const review = this.coldamp("review", pset, ...KEYS);
    const approval = /^approval\s+(\S+)$/m.exec(review)?.[1];
    expect(approval, review).toBeDefined();
    this.coldamp("sign", pset, ...KEYS, "--approve", approval ?? "", "-o", out);
    return { path: this.path(out), approval: approval ?? "" };
  }

  /** The contract that the registry behind the sandbox's Esplora has of an asset. */
  async contract(asset: Asset): Promise<string> {
    const answer = await fetch(`${this.esplora}/asset/${asset.id}`);
    expect(answer.ok).toBe(true);
    return JSON.stringify(((await answer.json()) as { contract: unknown }).contract);
  }

  /** Steers the sandbox: blocks, faults, reorganisations. */
  async steer(path: string, body?: unknown): Promise<void> {
    const url = `${new URL(this.esplora).origin}/sandbox/${path}`;
    const answer = await fetch(url, { method: "POST", body: body === undefined ? undefined : JSON.stringify(body) });
    expect(answer.ok, `${path}: ${await answer.text()}`).toBe(true);
  }

  /** Starts a sandbox with the treasury, and the page on it. */
  private async serve(): Promise<void> {
    const sandbox = ["--port", "0", "--descriptor", "treasury.descriptor", "--block-every", "1"];
    for (const words of await this.start("coldamp-sandbox", sandbox, "amp")) {
      if (words[0] === "asset") this.assets.push({ uuid: words[1]!, id: words[2]!, kind: words[3]!, ticker: words[4]! });
      if (words[0] === "esplora") this.esplora = words[1]!;
      if (words[0] === "amp") this.amp = words[1]!;
    }
    const page = ["serve", "--port", "0", "--network", "regtest", "--esplora", this.esplora, "--amp", this.amp, "--page", DIST];
    this.page = (await this.start("coldamp-online", page, "page")).at(-1)![1]!;
  }

  /** Starts a server, and gives the words of each line that it prints, up to the line that begins with `last`. */
  private async start(binary: string, args: string[], last: string): Promise<string[][]> {
    const child = spawn(join(BINARIES, binary), args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.servers.push(child);
    let said = "";
    child.stderr.on("data", (part: Buffer) => (said += part.toString()));
    const lines: string[][] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const words = line.split(/\s+/);
      lines.push(words);
      if (words[0] === last) return lines;
    }
    throw new Error(`${binary} ended: ${said}`);
  }

  close(): void {
    for (const server of this.servers) server.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Every request of a page, and whatever its console complains of. */
export interface Watched {
  requests: string[];
  complaints: string[];
}

/** Takes note of what a page asks for and complains of. */
export function watch(page: Page): Watched {
  const watched: Watched = { requests: [], complaints: [] };
  page.context().on("request", (request) => watched.requests.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") watched.complaints.push(message.text());
  });
  page.on("pageerror", (error) => watched.complaints.push(String(error)));
  return watched;
}

export const test = base.extend<{ desk: Desk }>({
  // Playwright wants the first argument taken apart, though nothing is taken.
  desk: async ({}, use) => {
    const desk = await Desk.open();
    await use(desk);
    desk.close();
  },
});

export { expect };
