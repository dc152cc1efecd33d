// Measures the page's package in node: node wasm.mjs PACKAGE FOLDER. Writes the medians as JSON, in milliseconds.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folderOfPackage, folder] = process.argv.slice(2);
const page = await import(join(folderOfPackage, "coldamp_wasm.js"));
page.initSync({ module: readFileSync(join(folderOfPackage, "coldamp_wasm_bg.wasm")) });

const file = (name) => new Uint8Array(readFileSync(join(folder, name)));
const text = (name) => readFileSync(join(folder, name), "utf8");
const treasury = () => new page.Treasury("regtest", text("descriptor"));

const TIMES = 7;

async function median(prepare, run) {
  const times = [];
  for (let time = 0; time < TIMES; time += 1) {
    const prepared = prepare();
    const start = performance.now();
    await run(prepared);
    times.push(performance.now() - start);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(TIMES / 2)];
}

const signed = page.Signed.read(file("signed.json"));
const audit = await median(
  () => treasury().read_pset(file("unsigned.pset"), false),
  (prepared) => signed.audit(prepared),
);
const source = { kind: "transactions", bytes: file("transactions.json") };
const sync = await median(
  // A treasury anew each time: it remembers the coins that it has opened.
  treasury,
  (own) => page.Coins.sync(own, text("asset"), source, null, null, () => {}),
);
process.stdout.write(JSON.stringify({ audit, sync }));
