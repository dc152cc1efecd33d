/**
 * The state of the page: what has been done so far. Each part is made from the one before it, so a change at one step
 * removes everything that was made from it.
 */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CoinsView, RequestView, ReviewDocument, SignedView, TreasuryView } from "coldamp-wasm";
import type { Engine, Health } from "./engine/client.ts";
import type { Handle } from "./engine/handles.ts";
import type { Answer } from "./engine/protocol.ts";
import type { Failure } from "./failure.ts";
import type { Traffic } from "./network.ts";
import type { Remembered } from "./remember.ts";
import type { Served } from "./served.ts";

/** An object of the engine, and what can be shown of it. */
export interface Opened<K extends string, V> {
  readonly handle: Handle<K>;
  readonly view: V;
}

/** A treasury, and the descriptor that it was opened with. */
export interface TheTreasury extends Opened<"Treasury", TreasuryView> {
  /** The descriptor as it was entered. It is kept on this computer only if that is ticked. */
  readonly descriptor: string;
}

/** A request and the name of its file. */
export interface TheRequest extends Opened<"Request", RequestView> {
  /** The file's name, or the name that it would have. */
  readonly name: string;
}

/** The treasury's coins, as read for one asset. */
export interface TheCoins extends Opened<"Coins", CoinsView> {
  readonly asset: string;
  /** When they were read. */
  readonly at: Date;
  /** Where from. */
  readonly source: string;
}

/** A PSET that can be handed over. */
export type Prepared = Answer<"prepare">;

/** A file that was read, and its description. */
export interface NamedFile {
  readonly bytes: Uint8Array;
  /** Its name and size, and of a signed file the transaction. */
  readonly words: string;
}

/** The settings for preparing a request. They stay as long as the request, however often it is prepared. */
export interface Chosen {
  /** As typed, sat/kvB. */
  readonly rate: string;
  readonly basis: "discounted" | "full";
  readonly allowMissingTokens: boolean;
  readonly contract: NamedFile | null;
  readonly replace: NamedFile | null;
  readonly openings: readonly NamedFile[];
}

/** The default: the lowest fee rate that nodes relay. */
export const USUAL: Chosen = {
  rate: "100",
  basis: "discounted",
  allowMissingTokens: false,
  contract: null,
  replace: null,
  openings: [],
};

/** A signed file that agrees with a PSET. */
export interface Agreed {
  readonly handle: Handle<"Audited">;
  readonly review: ReviewDocument;
  /** The PSET in words. */
  readonly against: string;
}

/** A signed file that came back, or was combined here. */
export interface TheSigned extends Opened<"Signed", SignedView> {
  /** Its name and size. */
  readonly words: string;
  /** If it was combined here: its bytes, and the PSET that it was made from. */
  readonly combined: { readonly bytes: Uint8Array; readonly agreed: Agreed } | null;
}

/** The addresses of the chain source and of AMP. */
export interface Places {
  readonly esplora: string;
  readonly amp: string;
}

/** The state of the page. */
export interface Desk {
  readonly health: Health;
  readonly traffic: Traffic;
  readonly served: Served | null;
  readonly places: Places;
  /** Whether the log and the reserved coins are kept on this computer. */
  readonly remembers: boolean;
  /** Signing keys that were entered, until the operator has confirmed the warning. */
  readonly exposed: Failure | null;
  readonly treasury: TheTreasury | null;
  readonly request: TheRequest | null;
  readonly coins: TheCoins | null;
  readonly chosen: Chosen;
  readonly prepared: Prepared | null;
  readonly signed: TheSigned | null;
  /** Whether AMP has the report of it. */
  readonly reported: boolean;
}

/** A change of the state. */
export type Act =
  | { readonly did: "health"; readonly health: Health }
  | { readonly did: "traffic"; readonly traffic: Traffic }
  | { readonly did: "served"; readonly served: Served }
  | { readonly did: "places"; readonly places: Partial<Places> }
  | { readonly did: "remembers"; readonly remembers: boolean }
  | { readonly did: "exposed"; readonly failure: Failure }
  | { readonly did: "read exposed"; readonly failure: Failure | null }
  | { readonly did: "chosen"; readonly chosen: Partial<Chosen> }
  | { readonly did: "treasury"; readonly treasury: Desk["treasury"] }
  | { readonly did: "request"; readonly request: null }
  | ({ readonly did: "request"; readonly request: TheRequest } & From)
  | { readonly did: "coins"; readonly coins: null }
  | ({ readonly did: "coins"; readonly coins: TheCoins } & From)
  | { readonly did: "prepared"; readonly prepared: null }
  | ({ readonly did: "prepared"; readonly prepared: Prepared } & From)
  | { readonly did: "signed"; readonly signed: Desk["signed"] }
  | ({ readonly did: "reported" } & From);

/** The handles of the parts that something was made from. */
interface From {
  readonly from: readonly number[];
}

/** Nothing done yet. */
export const EMPTY: Desk = {
  health: { state: "starting" },
  traffic: { asked: {}, refused: 0 },
  served: null,
  places: { esplora: "", amp: "" },
  remembers: false,
  exposed: null,
  treasury: null,
  request: null,
  coins: null,
  chosen: USUAL,
  prepared: null,
  signed: null,
  reported: false,
};

/** The state without any object of the engine. */
const nothing = (desk: Desk): Desk => ({
  ...EMPTY,
  health: desk.health,
  traffic: desk.traffic,
  served: desk.served,
  places: desk.places,
  remembers: desk.remembers,
  exposed: desk.exposed,
});

/**
 * Whether something arrived too late: it was made from parts that the operator has replaced meanwhile, such as coins of
 * another treasury, a PSET of an earlier request or a report of another file. Handles are never reused.
 */
function isLate(desk: Desk, act: Act): boolean {
  if (!("from" in act)) return false;
  const there = held(desk);
  if (act.from.some((handle) => !there.includes(handle))) return true;
  return act.did === "coins" && desk.request !== null && desk.request.view.asset !== act.coins.asset;
}

/** The state after a change. */
export function reduce(desk: Desk, act: Act): Desk {
  if (isLate(desk, act)) return desk;
  switch (act.did) {
    case "health":
      return act.health.state === "stopped"
        ? { ...nothing(desk), health: act.health }
        : { ...desk, health: act.health };
    case "traffic":
      return { ...desk, traffic: act.traffic };
    case "served":
      return { ...desk, served: act.served, places: { esplora: act.served.esplora, amp: act.served.amp } };
    case "places":
      return { ...desk, places: { ...desk.places, ...act.places } };
    case "remembers":
      return { ...desk, remembers: act.remembers };
    case "exposed":
      return { ...desk, exposed: act.failure };
    case "read exposed":
      return desk.exposed === act.failure ? { ...desk, exposed: null } : desk;
    case "chosen":
      return { ...desk, chosen: { ...desk.chosen, ...act.chosen } };
    case "treasury":
      return { ...nothing(desk), treasury: act.treasury };
    case "request": {
      // Coins that were read for the same asset stay: asking AMP for a request reads them first.
      const stay = act.request !== null && desk.coins?.asset === act.request.view.asset;
      const coins = stay ? desk.coins : null;
      // A contract, or a file to replace, belongs to one request.
      return { ...desk, request: act.request, coins, chosen: USUAL, prepared: null };
    }
    case "coins":
      return { ...desk, coins: act.coins, prepared: null };
    case "prepared":
      return { ...desk, prepared: act.prepared };
    case "signed":
      return { ...desk, signed: act.signed, reported: false };
    case "reported":
      return { ...desk, reported: true };
  }
}

/** The handles of the engine's objects that the state holds. */
export function held(desk: Desk): number[] {
  const { treasury, request, coins, prepared, signed } = desk;
  return [treasury, request, coins, prepared, signed].flatMap((thing) => (thing === null ? [] : [thing.handle]));
}

/** The open treasury. Throws if there is none: later steps are shown only when there is one. */
export function openTreasury(desk: Desk): TheTreasury {
  if (desk.treasury === null) throw new Error("no treasury is open");
  return desk.treasury;
}

/** What every step gets: the state, its changes, the engine and what is kept. */
export interface AtDesk {
  readonly desk: Desk;
  readonly act: (act: Act) => void;
  readonly engine: Engine;
  readonly memory: Remembered;
}

/** Hands it to the steps. */
export const DeskContext = createContext<AtDesk | null>(null);

/** The state of the page, in a step. */
export function useDesk(): AtDesk {
  const at = useContext(DeskContext);
  if (at === null) throw new Error("this step is outside the page");
  return at;
}
