/** Removes signing keys that were pasted, typed or dropped into any field, and shows a warning. */

import { useEffect, useRef } from "preact/hooks";
import { type Act, useDesk } from "../desk.ts";
import { exposedIn, exposure } from "../exposed.ts";
import type { Failure } from "../failure.ts";

/** Watches every field of the page. */
export function useNoKeys(act: (act: Act) => void): void {
  useEffect(() => {
    const found = (text: string, field: EventTarget | null): boolean => {
      const keys = exposedIn(text);
      if (keys !== null) act({ did: "exposed", failure: exposure(keys, labelOf(field)) });
      return keys !== null;
    };
    let emptied: { readonly text: string; readonly field: EventTarget } | null = null;
    // Before the field has the text, so that the browser cannot bring it back with undo.
    const brought = (event: ClipboardEvent | DragEvent) => {
      const from = "clipboardData" in event ? event.clipboardData : event.dataTransfer;
      if (found(from?.getData("text/plain") ?? "", event.target)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    // Text that was typed, filled in, or entered in parts. The field is emptied before its own listener runs. The warning
    // comes after it: a redraw in between would restore the old text of the field.
    const typed = ({ target }: Event) => {
      if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return;
      if (target.type === "file" || exposedIn(target.value) === null) return;
      emptied = { text: target.value, field: target };
      target.value = "";
    };
    const told = () => {
      if (emptied !== null) found(emptied.text, emptied.field);
      emptied = null;
    };
    addEventListener("paste", brought, true);
    addEventListener("drop", brought, true);
    addEventListener("input", typed, true);
    addEventListener("input", told);
    return () => {
      removeEventListener("paste", brought, true);
      removeEventListener("drop", brought, true);
      removeEventListener("input", typed, true);
      removeEventListener("input", told);
    };
  }, []);
}

function labelOf(field: EventTarget | null): string {
  const labels = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? field.labels : null;
  return labels?.[0]?.textContent?.trim() || "this page";
}

/** The warning: what was exposed and what to do. It covers the page. */
export function KeysExposed() {
  const { desk, act } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const { exposed } = desk;
  const shown = useRef<Failure | null>(null);
  useEffect(() => {
    shown.current = exposed;
    if (exposed !== null && dialog.current?.open === false) dialog.current.showModal();
  }, [exposed]);
  if (exposed === null) return null;
  // The browser tells of a closed dialog later. Keys that were entered in between have a warning of their own, which stays.
  const closed = () => {
    if (dialog.current?.open === false) act({ did: "read exposed", failure: shown.current });
  };
  return (
    <dialog
      ref={dialog}
      class="exposed"
      role="alertdialog"
      aria-labelledby="exposed-title"
      aria-describedby="exposed-what"
      onClose={closed}
    >
      <h2 id="exposed-title" tabIndex={-1} autofocus>Signing keys have been on this machine</h2>
      <div id="exposed-what">
        <p>
          <strong class="code">{exposed.code}</strong> {exposed.message}.
        </p>
        <p>What to do: {exposed.hint}</p>
        <p>Prepare and sign nothing else with the old treasury until the new one holds everything.</p>
      </div>
      <button type="button" onClick={() => dialog.current?.close()}>
        I have read this
      </button>
    </dialog>
  );
}
