import { useState } from "preact/hooks";

/** Offers text as a file. */
export function save(name: string, text: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: name });
  link.click();
  // By then the browser has the file; the address only uses memory.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Copies text to the clipboard, and says whether it did. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [state, setState] = useState<"" | "copied" | "not copied: the browser does not allow it here">("");

  async function copy() {
    try {
      // A page that is neither on this computer nor behind https has no clipboard.
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("not copied: the browser does not allow it here");
    }
  }

  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => void copy()}
      >
        {label}
      </button>
      <span role="status">{state}</span>
    </>
  );
}
