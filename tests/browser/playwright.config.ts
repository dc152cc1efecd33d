// The page in Debian's chromium. Nothing is downloaded, and only 127.0.0.1 is reached. `cargo xtask test` builds what these
// tests need, the page and three binaries, and runs them.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  // Two files at once: each test has a sandbox, ports and a browser of its own.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  preserveOutput: "always",
  reporter: [["list"]],
  outputDir: "results",
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
    // What the page does of itself is measured, not what an extension or an updater does.
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
