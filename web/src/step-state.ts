/** The state of each step, for the list of steps and for the steps themselves. At most one step is the current one. */

import type { Desk } from "./desk.ts";

/** Done; the current one (`now`); possible although another one is current (`open`); or not possible yet (`later`). */
export type StepState = "done" | "now" | "open" | "later";

/** The five steps and the way back. */
export type StepId = "treasury" | "request" | "coins" | "review" | "handover" | "back";

const ORDER: readonly StepId[] = ["treasury", "request", "coins", "review", "handover", "back"];

/** Whether a PSET was prepared that may be signed. */
export function isApproved(desk: Desk): boolean {
  return desk.prepared !== null && desk.prepared.review.approval !== null;
}

/** The state of every step. None is the current one once the job is reported and every step is done. */
export function stepStates(desk: Desk): Readonly<Record<StepId, StepState>> {
  const treasury = desk.treasury !== null;
  const request = desk.request !== null;
  const coins = desk.coins !== null && request;
  const approved = isApproved(desk);
  const done: Record<StepId, boolean> = {
    treasury,
    request,
    coins,
    review: approved,
    handover: approved && desk.signed !== null,
    back: desk.reported,
  };
  const possible: Record<StepId, boolean> = {
    treasury: true,
    request: treasury,
    coins: request,
    review: coins,
    handover: approved,
    back: treasury,
  };
  // A signed file can come back another day, when nothing but the treasury is open.
  const goesOn = desk.signed !== null && !desk.reported;
  const current = goesOn ? "back" : ORDER.find((step) => !done[step]);
  const of = (step: StepId): StepState => {
    if (done[step]) return "done";
    if (step === current) return "now";
    return possible[step] ? "open" : "later";
  };
  return {
    treasury: of("treasury"),
    request: of("request"),
    coins: of("coins"),
    review: of("review"),
    handover: of("handover"),
    back: of("back"),
  };
}
