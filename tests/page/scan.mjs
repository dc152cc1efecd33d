// Reads QR codes with the page's scanner: node scan.mjs WEB PICTURES. PICTURES is a JSON array of portable bitmaps (P1, a row
// a line); the text of each is written to stdout, a code a line.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [web, pictures] = process.argv.slice(2);
const { default: decodeQR } = await import(pathToFileURL(join(web, "node_modules/qr/decode.js")));

for (const bitmap of JSON.parse(readFileSync(pictures, "utf8"))) {
  const [, , ...rows] = bitmap.trimEnd().split("\n");
  const data = new Uint8ClampedArray(rows.length * rows[0].length * 4);
  [...rows.join("")].forEach((dot, index) => {
    const light = dot === "0" ? 255 : 0;
    data.set([light, light, light, 255], index * 4);
  });
  console.log(decodeQR({ width: rows[0].length, height: rows.length, data }));
}
