/**
 * The calls of the engine. Each function runs in the worker: it looks up the engine's objects by their handles, calls them,
 * and returns a view that can be sent to the page. It decides nothing itself.
 */

import * as engine from "coldamp-wasm";
import type { Progress, Settings, Source } from "coldamp-wasm";
import { type Handle, Handles } from "./handles.ts";
import { Scan, type Scanned, matrix } from "./qr.ts";

/** What a call can report while it runs. */
export interface Context {
  /** Throws if the call was cancelled, which ends it. */
  readonly progress: (progress: Progress) => void;
  /** Announces a step. No request is sent until the page has kept it: see `stepsKept` in network.ts. */
  readonly step: (line: string) => void;
}

const handles = new Handles();
const scans = new Map<number, Scan>();
let nextScan = 1;

const orUndefined = <T>(value: T | null): T | undefined => value ?? undefined;

/** A PSET and its review. */
function prepared(object: engine.Prepared) {
  return {
    handle: handles.keep<"Prepared">(object),
    pset: object.pset(),
    record: object.record() ?? null,
    notices: object.notices(),
    review: object.review(),
  };
}

function request(object: engine.Request) {
  return { handle: handles.keep<"Request">(object), view: object.view() };
}

export const calls = {
  network: (_: Context, name: string, policyAsset: string | null) => engine.network(name, orUndefined(policyAsset)),

  drop: (_: Context, handle: number) => handles.drop(handle),

  treasury(_: Context, network: string, descriptor: string, policyAsset: string | null) {
    const object = new engine.Treasury(network, descriptor, orUndefined(policyAsset));
    return { handle: handles.keep<"Treasury">(object), view: object.view() };
  },

  read_request: (_: Context, treasury: Handle<"Treasury">, bytes: Uint8Array) =>
    request(handles.get(treasury, engine.Treasury).read_request(bytes)),

  read_pset: (_: Context, treasury: Handle<"Treasury">, bytes: Uint8Array, allowMissingTokens: boolean) =>
    prepared(handles.get(treasury, engine.Treasury).read_pset(bytes, allowMissingTokens)),

  async sync(
    context: Context,
    treasury: Handle<"Treasury">,
    asset: string,
    source: Source,
    issuanceTx: string | null,
    record: string | null,
  ) {
    const own = handles.get(treasury, engine.Treasury);
    const object = await engine.Coins.sync(own, asset, source, issuanceTx, record, context.progress);
    return { handle: handles.keep<"Coins">(object), view: object.view() };
  },

  prepare: async (
    _: Context,
    coins: Handle<"Coins">,
    job: Handle<"Request">,
    settings: Settings,
    record: string | null,
  ) => prepared(await handles.get(coins, engine.Coins).prepare(handles.get(job, engine.Request), settings, record)),

  plan_distribution: (_: Context, coins: Handle<"Coins">, outlook: Handle<"Outlook">, record: string | null) =>
    handles.get(coins, engine.Coins).plan_distribution(handles.get(outlook, engine.Outlook), record),

  plan_amount(
    _: Context,
    coins: Handle<"Coins">,
    job: "reissue" | "burn",
    amount: string,
    record: string | null,
  ) {
    const object = handles.get(coins, engine.Coins);
    return job === "reissue" ? object.plan_reissue(amount, record) : object.plan_burn(amount, record);
  },

  /** The prepared requests that reserve coins: the given one, with all its coins, and the others. */
  reservations(_: Context, coins: Handle<"Coins">, request: Handle<"Request"> | null, record: string | null) {
    const own = request === null ? null : (handles.get(request, engine.Request).reservation(record) ?? null);
    const open = handles.get(coins, engine.Coins).reservations(record);
    return { own, others: open.filter((other) => other.request !== own?.request) };
  },

  /** The record without the coins of one request. */
  release: (_: Context, record: string, request: string) => engine.release(record, request),

  read_signed(_: Context, bytes: Uint8Array) {
    const object = engine.Signed.read(bytes);
    return { handle: handles.keep<"Signed">(object), view: object.view() };
  },

  /** Makes the signed file of a PSET and its parts. What is made from the PSET agrees with it. */
  combine(_: Context, against: Handle<"Prepared">, parts: readonly Uint8Array[]) {
    const pset = handles.get(against, engine.Prepared);
    const bytes = engine.combine(pset, [...parts]);
    const object = engine.Signed.read(bytes);
    const audited = handles.keep<"Audited">(object.audit(pset));
    return { handle: handles.keep<"Signed">(object), view: object.view(), audited, bytes };
  },

  /** Compares a signed file with its PSET. Only a file that agrees can be sent or reported. */
  audit: (_: Context, signed: Handle<"Signed">, against: Handle<"Prepared">) =>
    handles.keep<"Audited">(handles.get(signed, engine.Signed).audit(handles.get(against, engine.Prepared))),

  log_in: async (_: Context, root: string, network: string, username: string, password: string) =>
    handles.keep<"Amp">(await engine.Amp.log_in(root, network, username, password)),

  asset: (_: Context, amp: Handle<"Amp">, uuid: string) => handles.get(amp, engine.Amp).asset(uuid),

  async outlook(_: Context, amp: Handle<"Amp">, uuid: string) {
    const object = await handles.get(amp, engine.Amp).outlook(uuid);
    return { handle: handles.keep<"Outlook">(object), view: object.view() };
  },

  create_distribution: (context: Context, amp: Handle<"Amp">, outlook: Handle<"Outlook">, log: string) =>
    handles.get(amp, engine.Amp).create_distribution(handles.get(outlook, engine.Outlook), log, context.step),

  async rebuild_distribution(_: Context, amp: Handle<"Amp">, uuid: string, distribution: string) {
    const rebuilt = await handles.get(amp, engine.Amp).rebuild_distribution(uuid, distribution);
    const given = { bytes: rebuilt.bytes(), total: rebuilt.total() };
    rebuilt.free();
    return given;
  },

  request_amount(_: Context, amp: Handle<"Amp">, job: "reissue" | "burn", uuid: string, amount: string) {
    const object = handles.get(amp, engine.Amp);
    return job === "reissue" ? object.request_reissue(uuid, amount) : object.request_burn(uuid, amount);
  },

  /** Reads AMP's answer as the request that was asked for. Fails if it is another one. */
  read_answer: (
    _: Context,
    amp: Handle<"Amp">,
    answer: Uint8Array,
    job: "distribute" | "reissue" | "burn",
    uuid: string,
    asset: string,
    total: string,
  ) => request(handles.get(amp, engine.Amp).read_answer(answer, job, uuid, asset, total)),

  check: (_: Context, amp: Handle<"Amp">, job: Handle<"Request">) =>
    handles.get(amp, engine.Amp).check(handles.get(job, engine.Request)),

  /** Without AMP if it is null: then lost outputs, and assignments that are already paid, are not checked. */
  broadcast(
    context: Context,
    audited: Handle<"Audited">,
    esplora: string,
    amp: Handle<"Amp"> | null,
    replaces: string | null,
    log: string,
  ) {
    const object = handles.get(audited, engine.Audited);
    if (amp === null) return object.broadcast_without_amp(esplora, replaces, log, context.step);
    return object.broadcast(handles.get(amp, engine.Amp), esplora, replaces, log, context.step);
  },

  wait_confirmed: (context: Context, audited: Handle<"Audited">, esplora: string, seconds: number) =>
    handles.get(audited, engine.Audited).wait_confirmed(esplora, seconds, context.progress),

  report: (
    context: Context,
    audited: Handle<"Audited">,
    amp: Handle<"Amp">,
    esplora: string,
    again: boolean,
    log: string,
  ) => handles.get(audited, engine.Audited).report(handles.get(amp, engine.Amp), esplora, again, log, context.step),

  frames: (_: Context, bytes: Uint8Array, characters: number) => engine.qr_frames(bytes, characters),

  matrix: (_: Context, text: string) => matrix(text),

  scan_open(_: Context): number {
    const scan = nextScan;
    nextScan += 1;
    scans.set(scan, new Scan());
    return scan;
  },

  scan_picture: (_: Context, scan: number, picture: ImageData): Scanned =>
    scans.get(scan)?.picture(picture) ?? { state: "nothing" },

  scan_close(_: Context, scan: number): void {
    scans.get(scan)?.close();
    scans.delete(scan);
  },
};

/** The calls by name. */
export type Calls = typeof calls;
