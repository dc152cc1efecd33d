// The single file: page, styles, worker and WASM in one HTML document that works from disk, where a browser loads no
// module and fetches nothing. Its Content-Security-Policy names the hashes of its own script and style, and nothing else
// may run. Worker and WASM are data blocks, which no browser runs; the script makes a Blob of the first, for its worker.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "vite";
import { root, settings, wasm } from "./config.mjs";

/** Builds one entry as a classic script, and gives its text and the styles it brought. */
async function classic(entry, alias) {
  const output = await build(
    settings({
      alias,
      build: {
        write: false,
        copyPublicDir: false,
        cssCodeSplit: false,
        lib: { entry: `${root}${entry}`, formats: ["iife"], name: "coldamp", fileName: "one" },
      },
    }),
  );
  const [{ output: files }] = [output].flat();
  const only = files.filter((file) => file.type === "chunk");
  if (only.length !== 1) throw new Error(`${entry}: found ${only.length} scripts, expected one`);
  return only[0].code;
}

/** The stylesheets of index.html, as Vite makes them for the other build. */
async function styles(names) {
  const entry = "\0styles";
  const sheets = {
    name: "sheets",
    resolveId: (id) => (id === entry ? id : null),
    load: (id) => (id === entry ? names.map((name) => `import "${root}${name.slice(1)}";`).join("\n") : null),
  };
  const output = await build(
    settings({
      plugins: [sheets],
      build: { write: false, copyPublicDir: false, cssCodeSplit: false, rolldownOptions: { input: entry } },
    }),
  );
  const css = [output].flat()[0].output.find((file) => file.fileName.endsWith(".css"));
  if (css === undefined) throw new Error("found no styles");
  return String(css.source);
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Escapes text for a script element, which would end at an end tag or a comment. */
function inside(text, what) {
  const safe = text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  if (/<\/script|<!--/i.test(safe)) throw new Error(`${what} would end its own element`);
  return safe;
}

/** Writes the file. */
export async function single(file) {
  const html = readFileSync(`${root}index.html`, "utf8");
  const names = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, name]) => name);
  const carried = [{ find: "./start.ts", replacement: `${root}src/engine/start-single.ts` }];
  const page = inside(await classic("src/main.tsx", carried), "the page");
  const worker = inside(await classic("src/engine/worker.ts", []), "the worker");
  const css = await styles(names);
  if (/<\/style/i.test(css)) throw new Error("the styles would end their own element");
  const policy = [
    "default-src 'none'",
    `script-src ${hash(page)} 'wasm-unsafe-eval'`,
    `style-src ${hash(css)}`,
    "img-src data:",
    "worker-src blob:",
    "connect-src 'self' https: http://127.0.0.1:*",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const icon = readFileSync(`${root}public/icon.svg`).toString("base64");
  const blocks = [
    `<script type="text/plain" id="worker">${worker}</script>`,
    `<script type="text/plain" id="wasm">${wasm.toString("base64")}</script>`,
    `<script>${page}</script>`,
  ].join("\n");
  const whole = replaced(html, [
    [/content="default-src[^"]*"/, `content="${policy}"`],
    [/href="\/icon\.svg" type="image\/svg\+xml"/, `href="data:image/svg+xml;base64,${icon}"`],
    [/(\s*<link rel="stylesheet"[^>]*>)+/, `\n    <style>${css}</style>`],
    [/\s*<script type="module"[^>]*><\/script>/, ""],
    [/\s*<\/body>/, `\n${blocks}\n  </body>`],
  ]);
  writeFileSync(file, whole);
}

/** Each pattern is found, or the page has changed and this script has not. */
function replaced(text, rules) {
  return rules.reduce((before, [pattern, replacement]) => {
    if (!pattern.test(before)) throw new Error(`index.html has no ${pattern}`);
    return before.replace(pattern, () => replacement);
  }, text);
}
