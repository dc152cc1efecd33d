// `npm run build`: web/dist with hashed files, and web/dist/coldamp.html, which is all of them in one.

import { readdirSync, statSync } from "node:fs";
import { build } from "vite";
import { root, settings } from "./config.mjs";
import { single } from "./single.mjs";

await build(settings({ build: { outDir: "dist", emptyOutDir: true } }));
await single(`${root}dist/coldamp.html`);

for (const name of readdirSync(`${root}dist`, { recursive: true }).sort()) {
  const found = statSync(`${root}dist/${name}`);
  if (found.isFile()) console.log(`${String(found.size).padStart(9)}  ${name}`);
}
