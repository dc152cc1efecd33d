// What both builds have in common. No preset: JSX is Preact's by one setting.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const glue = `${root}pkg/coldamp_wasm.js`;
export const wasmFile = `${root}pkg/coldamp_wasm_bg.wasm`;

if (!existsSync(wasmFile)) {
  console.error("web/pkg holds no engine: `cargo xtask web` builds it, and then this page");
  process.exit(1);
}

export const wasm = readFileSync(wasmFile);

/** wasm-bindgen's glue would fetch the WASM itself. Only network.ts sends requests, so it is given the bytes instead. */
const givenBytes = {
  name: "given-bytes",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/coldamp_wasm.js")) return null;
    const lazy = /new URL\(['"]coldamp_wasm_bg\.wasm['"], import\.meta\.url\)/g;
    if (!lazy.test(code)) throw new Error("wasm-bindgen’s glue has changed: where does it fetch the WASM now?");
    return { code: code.replace(lazy, "undefined"), map: null };
  },
};

/** Settings of a build. */
export function settings(more = {}) {
  return {
    root,
    configFile: false,
    envDir: false,
    base: "./",
    logLevel: "warn",
    plugins: [givenBytes, ...(more.plugins ?? [])],
    resolve: { alias: [{ find: "coldamp-wasm", replacement: glue }, ...(more.alias ?? [])] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    define: { __WASM_SHA256__: JSON.stringify(createHash("sha256").update(wasm).digest("hex").slice(0, 16)) },
    worker: { format: "es", plugins: () => [givenBytes] },
    build: {
      target: "es2022",
      // The polyfill for old browsers would send requests.
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      ...more.build,
    },
  };
}
