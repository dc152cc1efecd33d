// Runs the page's package in node, as the page does: node run.mjs PACKAGE FOLDER. FOLDER/steps.json says what to do, one
// object a step; what came of each is written to stdout as a JSON array in the same order. Which is right, the Rust test
// that started this decides.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folderOfPackage, folder] = process.argv.slice(2);
const page = await import(join(folderOfPackage, "coldamp_wasm.js"));
page.initSync({ module: readFileSync(join(folderOfPackage, "coldamp_wasm_bg.wasm")) });

const file = (name) => new Uint8Array(readFileSync(join(folder, name)));
const text = (name) => readFileSync(join(folder, name), "utf8");
const treasury = (step) => new page.Treasury(step.network ?? "regtest", text(step.descriptor));

const doing = {
  // From AMP's bytes and the transactions to the PSET; with a signed file, held against that too.
  async prepare(step) {
    const seen = [];
    const own = treasury(step);
    const request = own.read_request(file(step.request));
    const source = { kind: "transactions", bytes: file(step.transactions) };
    const coins = await page.Coins.sync(own, request.view().asset, source, null, null, (at) => seen.push(at));
    const settings = { ...step.settings };
    if (step.contract) settings.contract = file(step.contract);
    const prepared = await coins.prepare(request, settings, null);
    writeFileSync(join(folder, step.output), prepared.pset());
    // With what was promised it keeps its own coins and addresses, and so its own bytes.
    const again = await coins.prepare(request, settings, prepared.record());
    return {
      again: again.pset() === prepared.pset(),
      again_notices: again.notices(),
      notices: prepared.notices(),
      progress: seen,
      record: prepared.record(),
      request: request.view(),
      review: prepared.review(),
      treasury: own.view(),
      view: coins.view(),
    };
  },
  review(step) {
    const prepared = treasury(step).read_pset(file(step.pset), step.allow_missing_tokens ?? false);
    return prepared.review();
  },
  // The review's bytes as the engine wrote them, without the page's own hints.
  document(step) {
    const review = treasury(step).read_pset(file(step.pset), false).review();
    return JSON.stringify(review, (name, value) => (name === "hint" ? undefined : value), 2);
  },
  audit(step) {
    const signed = page.Signed.read(file(step.signed));
    signed.audit(treasury(step).read_pset(file(step.pset), false));
    return signed.view();
  },
  // Parts and the PSET to a signed.json, which then is compared with the PSET.
  combine(step) {
    const prepared = treasury(step).read_pset(file(step.pset), false);
    const bytes = page.combine(prepared, step.parts.map(file));
    writeFileSync(join(folder, step.output), bytes);
    const signed = page.Signed.read(bytes);
    signed.audit(prepared);
    return signed.view();
  },
  request(step) {
    return treasury(step).read_request(file(step.request)).view();
  },
  treasury(step) {
    return treasury(step).view();
  },
  join(step) {
    const joined = new page.BbqrJoin();
    for (const frame of step.frames) joined.add(frame);
    return { whole: joined.bytes() !== undefined };
  },
  bbqr(step) {
    const frames = page.qr_frames(file(step.file), step.frame_chars);
    const joined = new page.BbqrJoin();
    const progress = frames.toReversed().map((frame) => joined.add(frame));
    writeFileSync(join(folder, step.output), joined.bytes());
    return { frames, progress, file_type: joined.file_type() };
  },
};

const outcomes = [];
for (const step of JSON.parse(text("steps.json"))) {
  try {
    outcomes.push({ done: await doing[step.do](step) });
  } catch (failure) {
    // Anything but a Failure is a mistake of the package's, or here, and shows as one.
    const { code, message, hint } = failure;
    outcomes.push({ failure: { code: code ?? "THROWN", message: message ?? String(failure), hint: hint ?? null } });
  }
}
process.stdout.write(JSON.stringify(outcomes));
